namespace EcgFm.Dashboard.Tests;

/// <summary>One browser, one test at a time. The episode, which is mostly waited for, has a browser of its own beside them.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}
