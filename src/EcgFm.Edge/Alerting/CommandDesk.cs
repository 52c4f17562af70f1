using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using EcgFm.Alerts;
using EcgFm.Core;

namespace EcgFm.Edge.Alerting;

/// <summary>Brings what is heard beside the samples, commands above all, into a flow. Safe to use from any thread.</summary>
/// <param name="scheduler">The clock.</param>
internal sealed class CommandDesk(IScheduler scheduler) : IDisposable
{
    private readonly Subject<AlertInput> _heard = new();
    private readonly Lock _gate = new();

    /// <summary>Everything that is heard.</summary>
    public IObservable<AlertInput> Heard => _heard;

    /// <summary>Something has happened.</summary>
    public void Hear(AlertInput input)
    {
        lock (_gate) _heard.OnNext(input);
    }

    /// <summary>Something about the equipment has begun or is over.</summary>
    public void Hear(TechnicalCondition condition, bool present, string? detail = null) => Hear(new AlertInput.Sign(scheduler.Now, condition, present, detail));

    /// <summary>Asks, and waits until the flow has dealt with it.</summary>
    public CommandAnswer Ask(AlertCommand command)
    {
        CommandAnswer? answer = null;
        Hear(new AlertInput.Asked(scheduler.Now, command, given => answer = given));
        return answer ?? CommandAnswer.Refused("nothing is monitored here now");
    }

    /// <inheritdoc/>
    public void Dispose() => _heard.Dispose();
}
