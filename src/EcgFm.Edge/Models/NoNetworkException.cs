namespace EcgFm.Edge.Models;

/// <summary>A window came while no network is in use; monitoring goes on without one.</summary>
/// <param name="reason">Why there is none.</param>
internal sealed class NoNetworkException(string reason) : Exception($"No network is in use: {reason}");
