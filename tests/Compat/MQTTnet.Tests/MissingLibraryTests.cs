using System.Reflection;

namespace MQTTnet.Tests;

public sealed class MissingLibraryTests
{
    [SkippableFact]
    public void A_missing_libmosquitto_is_one_sentence_with_the_package_to_install()
    {
        var native = typeof(MqttClientFactory).Assembly.GetType("MQTTnet.Native.LibMosquitto");
        Skip.If(native is null, "The official MQTTnet needs no libmosquitto.");
        var load = native.GetMethod("Load", BindingFlags.NonPublic | BindingFlags.Static)!;

        var failure = Assert.Throws<TargetInvocationException>(() => load.Invoke(null, ["libmosquitto-that-is-not-there.so.1"])).InnerException;

        Assert.Equal("libmosquitto is not installed: install the Debian/Ubuntu package libmosquitto1.", Assert.IsType<DllNotFoundException>(failure).Message);
    }
}
