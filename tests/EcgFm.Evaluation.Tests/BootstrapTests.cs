namespace EcgFm.Evaluation.Tests;

public class BootstrapTests
{
    private static double[] Mean(IReadOnlyList<double> drawn) => [drawn.Average()];

    [Fact]
    public void The_interval_of_a_mean_is_about_two_standard_errors_either_way()
    {
        // 400 values, half 0 and half 1: the standard error of the mean is 0.025.
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i % 2)];
        var (low, high) = Bootstrap.Intervals(values, Mean)[0];
        Assert.InRange(low, 0.44, 0.46);
        Assert.InRange(high, 0.54, 0.56);
    }

    [Fact]
    public void The_same_seed_draws_the_same()
    {
        double[] values = [1, 2, 3, 7, 20];
        Assert.Equal(Bootstrap.Intervals(values, Mean, 5), Bootstrap.Intervals(values, Mean, 5));
        Assert.NotEqual(Bootstrap.Intervals(values, Mean, 5), Bootstrap.Intervals(values, Mean, 6));
    }

    [Fact]
    public void Replicates_without_the_figure_are_left_out() =>
        Assert.Equal((3, 3), Bootstrap.Intervals<double>([1, 3], drawn => [drawn.Contains(1) ? double.NaN : 3])[0]);

    [Fact]
    public void No_records_have_no_intervals() => Assert.Empty(Bootstrap.Intervals<double>([], Mean));
}
