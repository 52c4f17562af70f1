using System.Reflection;

namespace System.IO.Ports.Tests;

/// <summary>The stand-in offers nothing that the official package (src/libraries/System.IO.Ports/ref of dotnet/runtime) lacks.</summary>
public sealed class SurfaceTests
{
    private static readonly string[] Types =
    [
        "Handshake", "Parity", "SerialData", "SerialDataReceivedEventArgs", "SerialDataReceivedEventHandler", "SerialError",
        "SerialErrorReceivedEventArgs", "SerialErrorReceivedEventHandler", "SerialPinChange", "SerialPinChangedEventArgs",
        "SerialPinChangedEventHandler", "SerialPort", "StopBits",
    ];

    private static readonly string[] Methods =
    [
        "Void Close()", "Void DiscardInBuffer()", "Void DiscardOutBuffer()", "Void Dispose(Boolean)", "System.String[] GetPortNames()", "Void Open()",
        "Int32 Read(Byte[], Int32, Int32)", "Int32 Read(Char[], Int32, Int32)", "Int32 ReadByte()", "Int32 ReadChar()",
        "System.String ReadExisting()", "System.String ReadLine()", "System.String ReadTo(System.String)",
        "Void Write(Byte[], Int32, Int32)", "Void Write(Char[], Int32, Int32)", "Void Write(System.String)", "Void WriteLine(System.String)",
        "Void .ctor()", "Void .ctor(System.ComponentModel.IContainer)", "Void .ctor(System.String)", "Void .ctor(System.String, Int32)",
        "Void .ctor(System.String, Int32, System.IO.Ports.Parity)", "Void .ctor(System.String, Int32, System.IO.Ports.Parity, Int32)",
        "Void .ctor(System.String, Int32, System.IO.Ports.Parity, Int32, System.IO.Ports.StopBits)",
    ];

    // Those that can be read only carry no plus.
    private static readonly string[] Properties =
    [
        "System.IO.Stream BaseStream", "Int32 BaudRate+", "Boolean BreakState+", "Int32 BytesToRead", "Int32 BytesToWrite", "Boolean CDHolding",
        "Boolean CtsHolding", "Int32 DataBits+", "Boolean DiscardNull+", "Boolean DsrHolding", "Boolean DtrEnable+", "System.Text.Encoding Encoding+",
        "System.IO.Ports.Handshake Handshake+", "Boolean IsOpen", "System.String NewLine+", "System.IO.Ports.Parity Parity+", "Byte ParityReplace+",
        "System.String PortName+", "Int32 ReadBufferSize+", "Int32 ReadTimeout+", "Int32 ReceivedBytesThreshold+", "Boolean RtsEnable+",
        "System.IO.Ports.StopBits StopBits+", "Int32 WriteBufferSize+", "Int32 WriteTimeout+",
    ];

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void There_is_no_type_of_its_own() =>
        Assert.All(typeof(SerialPort).Assembly.GetExportedTypes(), type =>
        {
            Assert.Equal("System.IO.Ports", type.Namespace);
            Assert.Contains(type.Name, Types);
        });

    [Fact]
    public void There_is_no_member_of_its_own()
    {
        Assert.Equal(typeof(ComponentModel.Component), typeof(SerialPort).BaseType);
        Assert.All(
            typeof(SerialPort).GetMethods(Declared).Cast<MethodBase>().Concat(typeof(SerialPort).GetConstructors(Declared)).Where(IsVisible).Where(method => !method.IsSpecialName || method.IsConstructor),
            method => Assert.Contains(method.ToString(), Methods));
        Assert.All(
            typeof(SerialPort).GetProperties(Declared).Where(property => IsVisible(property.GetMethod!)),
            property => Assert.Contains($"{property}{(property.CanWrite ? "+" : "")}", Properties));
        Assert.All(
            typeof(SerialPort).GetFields(Declared).Where(field => field.IsPublic),
            field => Assert.Equal("Int32 InfiniteTimeout", field.ToString()));
    }

    [Fact]
    public void The_enumerations_have_the_official_values()
    {
        Assert.Equal(["None=0", "XOnXOff=1", "RequestToSend=2", "RequestToSendXOnXOff=3"], Values<Handshake>());
        Assert.Equal(["None=0", "Odd=1", "Even=2", "Mark=3", "Space=4"], Values<Parity>());
        Assert.Equal(["None=0", "One=1", "Two=2", "OnePointFive=3"], Values<StopBits>());
        Assert.Equal(-1, SerialPort.InfiniteTimeout);
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily;

    private static IEnumerable<string> Values<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt32(value, null)}");
}
