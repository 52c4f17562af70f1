using EcgFm.Acquisition;
using EcgFm.Alerts;

namespace EcgFm.Edge.Alerting;

/// <summary>What happens to a device, in the words of the alerts.</summary>
internal static class DeviceSigns
{
    /// <summary>The sign that an event gives; null for one that changes nothing.</summary>
    public static AlertInput? Of(DeviceEvent change) => change switch
    {
        DeviceEvent.Connected connected => new AlertInput.Sign(connected.Time, TechnicalCondition.DeviceLost, Present: false),
        DeviceEvent.Lost lost => new AlertInput.Sign(lost.Time, TechnicalCondition.DeviceLost, Present: true, lost.Message),
        _ => null,
    };
}
