using EcgFm.Edge.Models;
using EcgFm.Model;

namespace EcgFm.Edge.Tests;

public sealed class ModelStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-store-");
    private readonly ModelStore _store;

    public ModelStoreTests() => _store = new(In("state"));

    public void Dispose() => _folder.Delete(recursive: true);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private string Version(string folder) => Model.Packages.ModelPackage.Load(folder).Identity.Version;

    private void Install(string version) => _store.Install(PackageCopy.Make(In("given-" + version), version), _ => { });

    [Fact]
    public void Before_anything_is_installed_the_bundled_network_is_meant()
    {
        Assert.Equal(BundledModel.Path, _store.Current);
        Assert.Contains("no package was installed", Assert.Throws<InvalidOperationException>(_store.Rollback).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_package_before_is_kept_and_older_ones_are_not()
    {
        foreach (var version in new[] { "2", "3", "4" }) Install(version);
        Assert.Equal(("4", "3"), (Version(_store.Current), Version(_store.Previous)));
        Assert.Equal(2, Directory.EnumerateDirectories(In("state/models")).Count(path => new DirectoryInfo(path).LinkTarget is null));
        // Whoever is another user than the one who installed must be able to read it.
        Assert.True((File.GetUnixFileMode(Path.Combine(_store.Current, "network.onnx")) & UnixFileMode.OtherRead) != 0);
        Assert.True((File.GetUnixFileMode(_store.Current) & UnixFileMode.OtherExecute) != 0);
    }

    [Fact]
    public void Rolling_back_leads_to_the_package_before_and_then_forward_again()
    {
        Install("2");
        Install("3");
        Assert.Equal("2", _store.Rollback().Identity.Version);
        Assert.Equal("2", Version(_store.Current));
        Assert.Equal("3", _store.Rollback().Identity.Version);
        Assert.Equal("3", Version(_store.Current));
    }

    [Fact]
    public void Rolling_back_the_first_installation_leads_to_the_bundled_network()
    {
        Install("2");
        Assert.Equal("1", _store.Rollback().Identity.Version);
        Assert.Equal(BundledModel.Path, _store.Current);
        Assert.Equal("2", _store.Rollback().Identity.Version);
        Assert.Equal("2", Version(_store.Current));
    }

    [Fact]
    public void A_package_that_fails_its_test_or_is_damaged_changes_nothing()
    {
        Install("2");
        Assert.Throws<ModelFileException>(() => _store.Install(PackageCopy.Make(In("given-3"), "3"), folder => throw new ModelFileException(folder, "selfTest", "wrong numbers.")));
        var damaged = PackageCopy.Make(In("given-4"), "4");
        File.AppendAllText(Path.Combine(damaged, "network.onnx"), "x");
        Assert.Throws<ModelFileException>(() => _store.Install(damaged, _ => { }));
        Assert.Equal("2", Version(_store.Current));
        Assert.Equal(BundledModel.Path, _store.Previous);
        Assert.Equal(["current", Path.GetFileName(_store.Current)], Directory.EnumerateFileSystemEntries(In("state/models")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_name_out_of_a_manifest_leads_nowhere_else()
    {
        var given = PackageCopy.Make(In("given"), "../../../outside");
        _store.Install(given, _ => { });
        Assert.Equal(In("state/models"), Path.GetDirectoryName(_store.Current));
    }
}
