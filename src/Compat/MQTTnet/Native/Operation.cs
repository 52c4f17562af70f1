using MQTTnet.Exceptions;

namespace MQTTnet.Native;

/// <summary>Something asked of the network thread.</summary>
internal abstract class Operation
{
    /// <summary>Whether nobody waits for it any more.</summary>
    public abstract bool IsOver { get; }

    /// <summary>Hands it to libmosquitto; runs on the network thread.</summary>
    public abstract void Start(MosquittoConnection connection);

    /// <summary>Ends it without an answer.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>Something asked of the network thread that has an answer.</summary>
internal abstract class Operation<TResult> : Operation
{
    // Answers come from the network thread, which must not run other people's code.
    private readonly TaskCompletionSource<TResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool IsOver => answer.Task.IsCompleted;

    public void Complete(TResult result) => answer.TrySetResult(result);

    public override void Fail(Exception exception) => answer.TrySetException(exception);

    /// <summary>Waits for the answer. Like the official client it ends with a time-out when cancelled, since the server may have acted already.</summary>
    public async Task<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken
            .UnsafeRegister(static operation => ((Operation)operation!).Fail(new MqttCommunicationTimedOutException()), this)
            .ConfigureAwait(false);
        return await answer.Task.ConfigureAwait(false);
    }
}
