using EcgFm.Core;
using EcgFm.Model.Inference;

namespace EcgFm.Edge.Models;

/// <summary>The network that all beds share, which can be replaced between two windows, or be missing. Safe to be called by several threads.</summary>
internal sealed class ModelSlot : IInterpreter, IDisposable
{
    private readonly Lock _lock = new();
    private EcgModel? _model;
    private string _absence = "it is being loaded.";

    /// <summary>The network in use; null when there is none.</summary>
    public EcgModel? Current
    {
        get
        {
            lock (_lock) return _model;
        }
    }

    /// <summary>The network as name, version and precision, or why there is none.</summary>
    public string Description
    {
        get
        {
            lock (_lock) return _model is { Identity: var identity } ? $"{identity.Name} {identity.Version} {identity.Precision}" : $"none: {_absence}";
        }
    }

    /// <summary>Why there is no network; null when there is one.</summary>
    public string? Absence
    {
        get
        {
            lock (_lock) return _model is null ? _absence : null;
        }
    }

    /// <summary>What the network runs on, such as "CPU"; "none" when there is no network.</summary>
    public string Provider
    {
        get
        {
            lock (_lock) return _model?.Provider ?? "none";
        }
    }

    /// <summary>Replaces the network as soon as the window in work is done; the next window has the new one. It belongs to this slot from now on.</summary>
    public void Take(EcgModel model)
    {
        EcgModel? old;
        lock (_lock) (old, _model) = (_model, model);
        old?.Dispose();
    }

    /// <summary>Says why no network came. One that is in use already stays.</summary>
    public void Explain(string absence)
    {
        lock (_lock) _absence = absence;
    }

    /// <inheritdoc/>
    /// <exception cref="NoNetworkException">There is no network.</exception>
    public Interpretation Interpret(AssessedWindow window)
    {
        lock (_lock) return (_model ?? throw new NoNetworkException(_absence)).Interpret(window);
    }

    /// <inheritdoc/>
    /// <exception cref="NoNetworkException">There is no network.</exception>
    public IReadOnlyList<Interpretation> Interpret(IReadOnlyList<AssessedWindow> windows)
    {
        lock (_lock) return (_model ?? throw new NoNetworkException(_absence)).Interpret(windows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _model?.Dispose();
            (_model, _absence) = (null, "the daemon ends.");
        }
    }
}
