namespace EcgFm.Dashboard.Tests;

/// <summary>One browser, one test at a time: frames are measured.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}
