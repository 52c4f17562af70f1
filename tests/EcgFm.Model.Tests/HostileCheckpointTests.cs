using EcgFm.Model.Checkpoints;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcgFm.Model.Tests;

/// <summary>Files that mean harm, or are merely broken: each ends in one clear error, and nothing is run.</summary>
public sealed class HostileCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["hostile.pt"];

    public void Dispose() => _folder.Dispose();

    /// <summary>os.system('touch …') as pickle writes it.</summary>
    private CheckpointBuilder.Raw System() => new([.. "cos\nsystem\n("u8, .. CheckpointBuilder.Text("touch " + _folder["ran"]), .. "tR"u8]);

    [Fact]
    public void ACallOutsideTheModelStaysOpaque()
    {
        var top = CheckpointBuilder.Top(CheckpointBuilder.TinySizes());
        top["extra_state"] = System();
        using var checkpoint = Checkpoint.Open(CheckpointBuilder.Write(File, top));
        Assert.Equal("an object of the unknown kind os.system", checkpoint.Parts.Single(p => p.Name == "extra_state").Kind);
        Assert.False(global::System.IO.File.Exists(_folder["ran"]));
    }

    [Fact]
    public void ACallInsideTheModelIsNamed()
    {
        var top = CheckpointBuilder.Top(CheckpointBuilder.TinySizes());
        ((Dictionary<string, object?>)top["model"]!)["proj.bias"] = System();
        Refused(CheckpointBuilder.Write(File, top), "proj.bias", "os.system");
        Assert.False(global::System.IO.File.Exists(_folder["ran"]));
    }

    [Fact]
    public void AWrongShapeIsNamed() => Change("proj.weight", new CheckpointBuilder.Tensor(new float[60], [3, 20]), "proj.weight", "[3, 20]", "[3, 24]");

    [Fact]
    public void AMissingTensorIsNamed() => Change("encoder.layer_norm.bias", null, "encoder.layer_norm.bias");

    [Fact]
    public void APretrainedNetworkIsRecognised() => Change("proj.weight", null, "proj.weight", "pretrained");

    [Fact]
    public void IntegersAreNoWeights() => Replaced(new([1, 2, 3], [3], "LongStorage"), "torch.LongStorage");

    [Fact]
    public void AStorageCannotBeSmallerThanItsTensor() => Replaced(new([1], [3]), "does not fit");

    [Fact]
    public void AStorageCannotClaimMoreThanTheFileHas() => Replaced(new([1], [3], Count: 1L << 40), "1099511627776");

    [Fact]
    public void AnOffsetCannotLeaveTheStorage() => Replaced(new([1, 2, 3, 4], [3], Offset: 2), "does not fit");

    [Fact]
    public void StridesCannotLeaveTheStorage() => Replaced(new([1, 2, 3, 4], [3], Strides: [2]), "does not fit");

    [Fact]
    public void SizesThatNoStorageBacksAreRefusedBeforeAnythingIsMadeOfThem()
    {
        // A width of 16,384 asks for 3 GB of queries, keys and values; the file has a few bytes and says that they are all of it.
        var sizes = CheckpointBuilder.TinySizes() with { Width = 16_384, Heads = 2 };
        var top = CheckpointBuilder.Top(CheckpointBuilder.TinySizes());
        top["cfg"] = CheckpointBuilder.Configuration(sizes);
        top["model"] = sizes.TensorShapes().ToDictionary(t => t.Key, object? (t) => new CheckpointBuilder.Tensor([1], t.Value, Count: t.Value.Aggregate(1L, (a, b) => a * b)));
        Bounded(() => Refused(CheckpointBuilder.Write(File, top), "encoder.", "bytes; expected"));
    }

    [Fact]
    public void OneStorageCannotStandForAWholeNetwork()
    {
        // Every tensor is a view of the same few values: each for itself is right, together they are a hundred times the file.
        var sizes = CheckpointBuilder.TinySizes() with { Layers = 200 };
        var top = CheckpointBuilder.Top(sizes);
        var largest = new CheckpointBuilder.Tensor(new float[4000], [4000], Key: "shared");
        top["extra_state"] = new Dictionary<string, object?> { ["storage"] = largest };
        top["model"] = sizes.TensorShapes().ToDictionary(t => t.Key, object? (t) => largest with { Shape = t.Value });
        Bounded(() => Refused(CheckpointBuilder.Write(File, top), "model", "altogether"));
    }

    [Theory]
    [InlineData("in_d", 65_000L)]
    [InlineData("encoder_layers", 1L << 40)]
    [InlineData("encoder_attention_heads", 0L)]
    [InlineData("encoder_attention_heads", 7L)]
    [InlineData("encoder_embed_dim", -768L)]
    [InlineData("encoder_ffn_embed_dim", "3072")]
    [InlineData("conv_pos_groups", 5L)]
    [InlineData("conv_feature_layers", "[(256, 2, 2)] * 40")]
    [InlineData("conv_feature_layers", "[(8, 50, 50)] * 3")]
    [InlineData("layer_norm_first", true)]
    [InlineData("extractor_mode", "layer_norm")]
    public void ASizeThatMakesNoSenseIsNamed(string key, object value)
    {
        var top = CheckpointBuilder.Top(CheckpointBuilder.TinySizes());
        ((Dictionary<string, object?>)((Dictionary<string, object?>)top["cfg"]!)["model"]!)[key] = value;
        Refused(CheckpointBuilder.Write(File, top), "cfg.model." + key);
    }

    [Fact]
    public void AttentionBeyondAllMemoryIsRefused()
    {
        // 2,500 tokens (every convolution steps by one) in 24 heads: 600 MB for each layer of each segment.
        var sizes = CheckpointBuilder.TinySizes() with { Convolutions = [new(8, 1, 1)], Heads = 24 };
        Bounded(() => Refused(CheckpointBuilder.Write(File, CheckpointBuilder.Top(sizes)), "24 heads over 2500 tokens"));
    }

    [Fact]
    public void AMissingEntryIsNamed() => Entries(b => b.Remove("archive/data/0"), "archive/data/0", "missing");

    [Fact]
    public void ATruncatedStorageIsNamed() => Entries(b => b.Shorten("archive/data/0"), "archive/data/0", "bytes");

    [Fact]
    public void TwoPicklesAreOneTooMany() => Refused(CheckpointBuilder.Write(File, CheckpointBuilder.Top(CheckpointBuilder.TinySizes()), b => b.Add("other/data.pkl", [0x80, 2, (byte)'N', (byte)'.'])), "more than one");

    [Fact]
    public void NoZipIsNoCheckpoint()
    {
        global::System.IO.File.WriteAllBytes(File, [.. Enumerable.Repeat((byte)7, 4096)]);
        Refused(File, "no zip");
        global::System.IO.File.WriteAllBytes(File, []);
        Refused(File, "empty");
        Refused(_folder["nothing.pt"], "cannot be read");
    }

    [Fact]
    public void ACutFileIsRefused()
    {
        _ = CheckpointBuilder.Write(File, CheckpointBuilder.Top(CheckpointBuilder.TinySizes()));
        var bytes = global::System.IO.File.ReadAllBytes(File);
        for (var length = 1; length < bytes.Length; length += 997)
        {
            global::System.IO.File.WriteAllBytes(File, bytes[..length]);
            Refused(File);
        }
    }

    [Fact]
    public void OverlappingEntriesAreRefused()
    {
        _ = CheckpointBuilder.Write(File, CheckpointBuilder.Top(CheckpointBuilder.TinySizes()));
        var bytes = global::System.IO.File.ReadAllBytes(File);
        // Let the third entry of the directory point to the second one's local header.
        var directory = Find(bytes, "PK\u0001\u0002"u8, 0);
        var second = Find(bytes, "PK\u0001\u0002"u8, directory + 4);
        var third = Find(bytes, "PK\u0001\u0002"u8, second + 4);
        bytes.AsSpan(second + 42, 4).CopyTo(bytes.AsSpan(third + 42));
        global::System.IO.File.WriteAllBytes(File, bytes);
        Refused(File, "overlaps");
    }

    [Fact]
    public void SizesBeyondTheFileAreRefused()
    {
        _ = CheckpointBuilder.Write(File, CheckpointBuilder.Top(CheckpointBuilder.TinySizes()));
        var bytes = global::System.IO.File.ReadAllBytes(File);
        var directory = Find(bytes, "PK\u0001\u0002"u8, 0);
        for (var at = 20; at < 28; at++) bytes[directory + at] = 0x7f;
        global::System.IO.File.WriteAllBytes(File, bytes);
        Refused(File, "beyond the end");
    }

    [Fact]
    public void DeepNestingIsNoProblem()
    {
        // 100,000 lists within each other, in extra_state: read without recursion, and described without following them down.
        var deep = new CheckpointBuilder.Raw([.. Enumerable.Repeat((byte)']', 100_000), .. Enumerable.Repeat((byte)'a', 99_999)]);
        var top = CheckpointBuilder.Top(CheckpointBuilder.TinySizes());
        top["extra_state"] = deep;
        using var checkpoint = Checkpoint.Open(CheckpointBuilder.Write(File, top));
        Assert.Equal("a list", checkpoint.Parts.Single(p => p.Name == "extra_state").Kind);
    }

    [Fact]
    public void AListThatHoldsItselfIsNoProblem()
    {
        var top = CheckpointBuilder.Top(CheckpointBuilder.TinySizes());
        top["extra_state"] = new CheckpointBuilder.Raw([.. "]q\u0001h\u0001h\u0001\u0086q\u0002ah\u0002h\u0002\u0086a"u8.ToArray().Where(b => b != 0xc2)]);
        using var checkpoint = Checkpoint.Open(CheckpointBuilder.Write(File, top));
        Assert.NotEmpty(checkpoint.Parts);
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 2, (byte)'X', 0xff, 0xff, 0xff, 0x7f }, "ends within")]
    [InlineData(new byte[] { 0x80, 2, (byte)'X', 0xff, 0xff, 0xff, 0xff }, "beyond any sense")]
    [InlineData(new byte[] { 0x80, 4, 0x8d, 0, 0, 0, 0, 0, 1, 0, 0 }, "beyond any sense")]
    [InlineData(new byte[] { 0x80, 2, (byte)'.' }, "stack is empty")]
    [InlineData(new byte[] { 0x80, 2, (byte)'t', (byte)'.' }, "mark is missing")]
    [InlineData(new byte[] { 0x80, 2, (byte)'h', 1, (byte)'.' }, "memo 1")]
    [InlineData(new byte[] { 0x80, 0 }, "protocol 0")]
    [InlineData(new byte[] { 0x80, 2, (byte)'P', (byte)'1', (byte)'\n' }, "opcode 0x50")]
    [InlineData(new byte[] { 0x80, 2, (byte)'i', (byte)'o', (byte)'s', (byte)'\n' }, "opcode 0x69")]
    [InlineData(new byte[] { 0x80, 2, (byte)'N', (byte)')', (byte)'R', (byte)'.' }, "no global")]
    [InlineData(new byte[] { 0x80, 2, (byte)'N', (byte)'.' }, "no dict")]
    [InlineData(new byte[] { 0x80, 2, (byte)'}', (byte)'(', (byte)'N', (byte)'u', (byte)'.' }, "without a value")]
    [InlineData(new byte[] { 0x80, 2 }, "ends within")]
    public void BrokenPicklesAreRefused(byte[] pickle, string problem) => Refused(CheckpointBuilder.WritePickle(File, pickle), problem);

    [Fact]
    public void APickleThatGrowsEndlesslyIsRefused()
    {
        // One list of 100,000 pairs, made an OrderedDict again and again: a few hundred bytes that ask for gigabytes.
        var pickle = new List<byte> { 0x80, 2, (byte)']', (byte)'q', 0, (byte)'(' };
        for (var i = 0; i < 100_000; i++) pickle.AddRange("NN\u0086"u8.ToArray().Where(b => b != 0xc2));
        pickle.Add((byte)'e');
        for (var i = 0; i < 1000; i++) pickle.AddRange([.. "ccollections\nOrderedDict\nh\0"u8, 0x85, (byte)'R']);
        pickle.Add((byte)'.');
        CheckpointBuilder.WritePickle(File, [.. pickle]);
        Bounded(() => Refused(File, "more than"), 1_000_000_000);
    }

    [Property(MaxTest = 300)]
    public Property ADamagedFileIsReadOrRefused() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Damage);

    private void Damage(int seed)
    {
        var random = new global::System.Random(seed);
        var path = _folder[$"damaged{seed}.pt"];
        _ = CheckpointBuilder.Write(path, CheckpointBuilder.Top(CheckpointBuilder.TinySizes()));
        var bytes = global::System.IO.File.ReadAllBytes(path);
        // Most bytes are weights, where damage does no harm: aim at the pickle in front and the directory behind.
        for (var i = random.Next(1, 8); i > 0; i--)
            bytes[random.Next(2) == 0 ? random.Next(Math.Min(bytes.Length, 9000)) : bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 9000))] = (byte)random.Next(256);
        global::System.IO.File.WriteAllBytes(path, bytes);
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            foreach (var tensor in checkpoint.Tensors.Values) _ = tensor.Read();
            _ = checkpoint.Parts;
        }
        catch (ModelFileException e)
        {
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        }
    }

    [Property(MaxTest = 1000)]
    public void ArbitraryOpcodesAreReadOrRefused(byte[] opcodes)
    {
        try
        {
            _ = RestrictedUnpickler.Load([0x80, 2, .. opcodes]);
        }
        catch (FormatException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    [Property(MaxTest = 1000)]
    public Property PlausibleOpcodesAreReadOrRefused() => Prop.ForAll(
        Gen.Elements("("u8.ToArray(), ")"u8.ToArray(), "]"u8.ToArray(), "}"u8.ToArray(), "N"u8.ToArray(), "K\u0001"u8.ToArray(), "t"u8.ToArray(), "R"u8.ToArray(),
            "Q"u8.ToArray(), "b"u8.ToArray(), "u"u8.ToArray(), "s"u8.ToArray(), "a"u8.ToArray(), "e"u8.ToArray(), "q\u0001"u8.ToArray(), "h\u0001"u8.ToArray(), "cos\nsystem\n"u8.ToArray(),
            "ctorch._utils\n_rebuild_tensor_v2\n"u8.ToArray(), "ccollections\nOrderedDict\n"u8.ToArray(), [0x85], [0x86], [0x87], [0x81], [0x93], "0"u8.ToArray(), "2"u8.ToArray())
            .ListOf().ToArbitrary(),
        opcodes => ArbitraryOpcodesAreReadOrRefused([.. opcodes.SelectMany(o => o), (byte)'.']));

    private void Change(string tensor, CheckpointBuilder.Tensor? value, params string[] named)
    {
        var top = CheckpointBuilder.Top(CheckpointBuilder.TinySizes());
        var model = (Dictionary<string, object?>)top["model"]!;
        if (value is null) _ = model.Remove(tensor);
        else model[tensor] = value;
        Refused(CheckpointBuilder.Write(File, top), named);
    }

    private void Replaced(CheckpointBuilder.Tensor value, params string[] named) => Change("proj.bias", value, ["proj.bias", .. named]);

    private void Entries(Action<CheckpointBuilder> change, params string[] named) =>
        Refused(CheckpointBuilder.Write(File, CheckpointBuilder.Top(CheckpointBuilder.TinySizes()), change), named);

    private static void Refused(string path, params string[] named) =>
        Named(Assert.Throws<ModelFileException>(() => Checkpoint.Open(path).Dispose()), [path, .. named]);

    /// <summary>What the attempt allocates altogether, freed or not.</summary>
    private static void Bounded(Action attempt, long most = 100_000_000)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        attempt();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, most);
    }

    private static void Named(ModelFileException error, string[] named)
    {
        Assert.DoesNotContain('\n', error.Message);
        Assert.All(named, n => Assert.Contains(n, error.Message, StringComparison.Ordinal));
    }

    private static int Find(byte[] bytes, ReadOnlySpan<byte> pattern, int from) => from + bytes.AsSpan(from).IndexOf(pattern);
}
