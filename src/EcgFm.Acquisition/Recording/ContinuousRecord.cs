using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;

namespace EcgFm.Acquisition.Recording;

/// <summary>A bed's stream as one record after the other, a new one at each full hour. Not thread-safe.</summary>
internal sealed class ContinuousRecord(RecordingFolder folder, string bed) : IDisposable
{
    private OpenRecord? _record;
    private OpenRecord? _before;
    private string? _path;
    private string? _rhythm;

    /// <exception cref="IOException">The disk is full or gone; the record is abandoned as it is, and the next call begins a new one.</exception>
    public void Write(EcgBlock block) => OrAbandon(() =>
    {
        if (_record is not null && !_record.TakesOn(block)) Close();
        for (var at = 0; at < block.Length;)
        {
            _record ??= Open(block, at);
            at += _record.Write(block, at);
            if (block.FirstSample + at == _record.End) Close();
        }
    });

    /// <summary>Notes something in the record that is being written; without one there is nothing that it could be about. A rhythm is noted when it changes.</summary>
    /// <exception cref="IOException">As <see cref="Write"/>.</exception>
    public void Annotate(DateTimeOffset time, byte code, string text)
    {
        if (code == AnnotationCode.Rhythm)
        {
            if (text == _rhythm) return;
            _rhythm = text;
        }

        // An alert is decided some time after its onset, which may be in the hour before.
        if (_before?.Covers(time) == true)
        {
            OrAbandon(() => _before.Amend(time, code, text));
            if (code == AnnotationCode.Note) return;
        }

        _record?.Annotate(time, code, text);
    }

    /// <summary>Makes what is written outlast a power cut, and keeps the folder within its limits.</summary>
    /// <exception cref="IOException">As <see cref="Write"/>.</exception>
    public void Sync() => OrAbandon(() => _record?.Sync());

    public void Dispose() => OrAbandon(Close);

    private OpenRecord Open(EcgBlock block, int at)
    {
        _path = folder.Claim(bed, block.Start + Playback.TimeOf(at, block.SampleRate));
        try
        {
            return new OpenRecord(_path, block, at, _rhythm);
        }
        catch
        {
            // A full disk is tried again and again, and is not to fill up with empty files.
            foreach (var file in Directory.EnumerateFiles(folder.Path, Path.GetFileName(_path) + ".*")) File.Delete(file);
            throw;
        }
    }

    private void Close()
    {
        var record = _record;
        (_record, _before) = (null, record);
        try
        {
            record?.Dispose();
        }
        finally
        {
            if (_path is not null) folder.Release(_path);
            _path = null;
        }
    }

    private void OrAbandon(Action write)
    {
        try
        {
            write();
        }
        catch
        {
            try
            {
                Close();
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                // The first failure is the one to tell.
            }

            throw;
        }
    }
}
