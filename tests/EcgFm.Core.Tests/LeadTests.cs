using FsCheck.Xunit;

namespace EcgFm.Core.Tests;

public class LeadTests
{
    [Theory]
    [InlineData("I", Lead.I)]
    [InlineData("avf", Lead.AVF)]
    [InlineData("aVR", Lead.AVR)]
    [InlineData(" MLII ", Lead.II)]
    [InlineData("MLIII", Lead.III)]
    [InlineData("v6", Lead.V6)]
    public void A_lead_is_known_by_any_usual_spelling(string name, Lead lead)
    {
        Assert.True(StandardLeads.TryParse(name, out var parsed));
        Assert.Equal(lead, parsed);
    }

    [Theory]
    [InlineData("ECG")]
    [InlineData("V7")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("ML")]
    public void What_is_no_standard_lead_is_refused(string? name) => Assert.False(StandardLeads.TryParse(name, out _));

    [Fact]
    public void The_order_is_that_of_the_network() =>
        Assert.Equal("I II III aVR aVL aVF V1 V2 V3 V4 V5 V6", string.Join(' ', Enum.GetValues<Lead>().Select(StandardLeads.Name)));

    [Fact]
    public void A_set_names_its_leads() =>
        Assert.Equal(("II V1", "none"), (LeadSet.Of(Lead.V1, Lead.II).ToString(), LeadSet.None.ToString()));

    [Property]
    public void A_set_and_its_complement_share_nothing_and_hold_everything(ushort bits)
    {
        var set = new LeadSet(bits).Intersect(LeadSet.All);
        Assert.Equal(LeadSet.None, set.Intersect(set.Complement));
        Assert.Equal(LeadSet.All, set.Union(set.Complement));
        Assert.Equal(StandardLeads.Count, set.Count + set.Complement.Count);
        Assert.Equal(set, set.Aggregate(LeadSet.None, (all, lead) => all.With(lead)));
    }
}
