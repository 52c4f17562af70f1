using EcgFm.Testing;
using EcgFm.Testing.Bluetooth;

namespace EcgFm.Acquisition.Tests.Bluetooth;

/// <summary>A private bus with a stand-in for BlueZ, and an emulated strap in its reach.</summary>
public abstract class BluetoothTest : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private protected EmulatedH10 H10 { get; } = new();

    private protected MessageBus Bus { get; private set; } = null!;

    private protected StandInBlueZ BlueZ { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Bus = await MessageBus.StartAsync();
        BlueZ = await StandInBlueZ.StartAsync(Bus.Address, H10);
    }

    public async Task DisposeAsync()
    {
        await BlueZ.DisposeAsync();
        await Bus.DisposeAsync();
    }

    /// <summary>Another BlueZ: one that offers no sockets.</summary>
    private protected async Task WithoutSocketsAsync()
    {
        await BlueZ.DisposeAsync();
        BlueZ = await StandInBlueZ.StartAsync(Bus.Address, H10, offersSockets: false);
    }
}
