using EcgFm.Model.Conversion;
using Spectre.Console;

namespace EcgFm.Edge.Commands;

/// <summary>Shows on standard error how far a long work is: bars on a terminal, one line for each stage elsewhere.</summary>
internal static class StageProgress
{
    /// <summary>Runs a work of one stage.</summary>
    public static Task<T> RunAsync<T>(string stage, Func<IProgress<double>, T> work) =>
        RunAsync(progress => work(new Fractions(stage, progress)));

    /// <summary>Runs a work of several stages.</summary>
    public static async Task<T> RunAsync<T>(Func<IProgress<ConversionProgress>, T> work)
    {
        if (Console.IsErrorRedirected) return await Task.Run(() => work(new Lines())).ConfigureAwait(false);
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => Task.Run(() => work(new Bars(context)))).ConfigureAwait(false);
    }

    private sealed class Fractions(string stage, IProgress<ConversionProgress> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new(stage, value));
    }

    private sealed class Lines : IProgress<ConversionProgress>
    {
        private string _stage = "";

        public void Report(ConversionProgress value)
        {
            if (value.Stage == _stage) return;
            _stage = value.Stage;
            Console.Error.WriteLine($"{_stage} …");
        }
    }

    private sealed class Bars(ProgressContext context) : IProgress<ConversionProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(ConversionProgress value)
        {
            if (!_tasks.TryGetValue(value.Stage, out var task)) _tasks.Add(value.Stage, task = context.AddTask(Markup.Escape(value.Stage), maxValue: 1));
            task.Value = value.Fraction;
        }
    }
}
