"""The ECG-FM classifier (a wav2vec 2.0 style encoder) with parameter names as fairseq-signals saves them, and its checkpoint."""
import torch
from torch import nn
import torch.nn.functional as F

NANO = dict(layers=3, dim=64, ffn=256, heads=4, conv=64, pos=32, groups=8)


def halve(x, weight):
    """Conv1d with kernel 2 and stride 2 as a matrix product, [B, T, C] -> [B, T/2, out]; an odd last sample is dropped.

    Not Conv1d: in Debian's PyTorch 1.13 the backward pass of a GELU that follows a oneDNN convolution directly gives wrong
    gradients (not even the right order of magnitude, sometimes NaN), while the forward pass is right. Such a network trains
    badly rather than not at all, so check_gradients.py looks for it.
    """
    b, t, c = x.shape
    return x[:, :t // 2 * 2].reshape(b, t // 2, 2 * c) @ weight.permute(2, 1, 0).reshape(2 * c, -1)


def norm_over_time(x, norm):
    """GroupNorm with one group per channel, [B, T, C]."""
    mean = x.mean(1, keepdim=True)
    x = x - mean
    return x * torch.rsqrt((x * x).mean(1, keepdim=True) + norm.eps) * norm.weight + norm.bias


def time_dropout(x, p, training):
    """Dropout with one mask for all tokens of a sample: regularises alike, and drawing the mask costs next to nothing."""
    if not training or p == 0:
        return x
    return x * (torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= p).to(x.dtype) / (1 - p)


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        for name in ("k_proj", "v_proj", "q_proj", "out_proj"):
            setattr(self, name, nn.Linear(dim, dim))

    def forward(self, x):
        b, t, d = x.shape
        weight = torch.cat([self.q_proj.weight, self.k_proj.weight, self.v_proj.weight])
        bias = torch.cat([self.q_proj.bias, self.k_proj.bias, self.v_proj.bias])
        q, k, v = F.linear(x, weight, bias).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        a = torch.softmax((q * (d // self.heads) ** -0.5) @ k.transpose(-1, -2), -1)
        return self.out_proj((a @ v).transpose(1, 2).reshape(b, t, d))


class Layer(nn.Module):
    def __init__(self, c, dropout):
        super().__init__()
        self.dropout = dropout
        self.self_attn = Attention(c["dim"], c["heads"])
        self.self_attn_layer_norm = nn.LayerNorm(c["dim"])
        self.fc1 = nn.Linear(c["dim"], c["ffn"])
        self.fc2 = nn.Linear(c["ffn"], c["dim"])
        self.final_layer_norm = nn.LayerNorm(c["dim"])

    def forward(self, x):
        x = self.self_attn_layer_norm(x + time_dropout(self.self_attn(x), self.dropout, self.training))
        return self.final_layer_norm(x + time_dropout(self.fc2(F.gelu(self.fc1(x))), self.dropout, self.training))


class PositionalConv(nn.Module):
    """Weight-normalised per kernel tap; the parameters carry the newer PyTorch spelling (original0 gain, original1 direction)."""
    def __init__(self, c):
        super().__init__()
        self.groups, self.padding = c["groups"], c["pos"] // 2
        self.bias = nn.Parameter(torch.zeros(c["dim"]))
        direction = torch.randn(c["dim"], c["dim"] // c["groups"], c["pos"]) * (4.0 / (c["pos"] * c["dim"])) ** 0.5
        self.parametrizations = nn.Module()
        self.parametrizations.weight = nn.Module()
        self.parametrizations.weight.original0 = nn.Parameter(direction.norm(dim=(0, 1), keepdim=True))
        self.parametrizations.weight.original1 = nn.Parameter(direction)

    def forward(self, x):
        g, v = self.parametrizations.weight.original0, self.parametrizations.weight.original1
        w = v * g / v.norm(dim=(0, 1), keepdim=True)
        return F.conv1d(x, w, self.bias, padding=self.padding, groups=self.groups)[..., :-1]


class EcgFm(nn.Module):
    def __init__(self, labels, c=NANO, leads=12, dropout=0.1):
        super().__init__()
        self.c, self.leads, self.labels, self.dropout = c, leads, labels, dropout
        e = self.encoder = nn.Module()
        e.feature_extractor = nn.Module()
        convs = []
        for i in range(4):
            conv = nn.Conv1d(leads if i == 0 else c["conv"], c["conv"], 2, stride=2, bias=False)
            nn.init.kaiming_normal_(conv.weight)
            convs.append(nn.ModuleList([conv] + ([nn.Identity(), nn.GroupNorm(c["conv"], c["conv"])] if i == 0 else [])))
        e.feature_extractor.conv_layers = nn.ModuleList(convs)
        e.layer_norm = nn.LayerNorm(c["conv"])
        e.post_extract_proj = nn.Linear(c["conv"], c["dim"])
        e.conv_pos = nn.Module()
        e.conv_pos.pos_conv = nn.ModuleList([PositionalConv(c)])
        e.encoder = nn.Module()
        e.encoder.layer_norm = nn.LayerNorm(c["dim"])
        e.encoder.layers = nn.ModuleList([Layer(c, dropout) for _ in range(c["layers"])])
        self.proj = nn.Linear(c["dim"], labels)

    def forward(self, x, tap=None):
        """[B, 12, 2500] -> logits [B, labels]; with tap also the tokens after that many layers, and the embedding."""
        e = self.encoder
        x = x.transpose(1, 2)
        for i, layer in enumerate(e.feature_extractor.conv_layers):
            x = halve(x, layer[0].weight)
            if i == 0:
                x = norm_over_time(x, layer[2])
            x = F.gelu(x)
        x = e.post_extract_proj(e.layer_norm(x))
        x = x + F.gelu(e.conv_pos.pos_conv[0](x.transpose(1, 2))).transpose(1, 2)
        x = time_dropout(e.encoder.layer_norm(x), self.dropout, self.training)
        tokens = None
        for i, layer in enumerate(e.encoder.layers):
            x = layer(x)
            if i + 1 == tap:
                tokens = x
        # The authors divide by the count of values that are not zero. Dropout is never applied to x itself after the
        # last layer, so in practice this is the mean.
        embedding = x.sum(1) / (x != 0).sum(1)
        logits = self.proj(F.dropout(embedding, self.dropout, self.training))
        return (logits, tokens, embedding) if tap else logits


def save_checkpoint(path, state, c, labels, updates):
    """In the layout that fairseq-signals saves and the product's `model convert` reads."""
    model = dict(_name="ecg_transformer_classifier", num_labels=len(labels), in_d=12, encoder_layers=c["layers"], encoder_embed_dim=c["dim"],
                 encoder_ffn_embed_dim=c["ffn"], encoder_attention_heads=c["heads"], conv_feature_layers=f"[({c['conv']}, 2, 2)] * 4",
                 conv_pos=c["pos"], conv_pos_groups=c["groups"], extractor_mode="default", layer_norm_first=False, conv_bias=False, saliency=False)
    tensors = {k: v.detach().float().cpu().contiguous().clone() for k, v in state.items()}
    torch.save(dict(args=None, cfg=dict(_name=None, common={}, model=model, task=dict(_name="ecg_classification", normalize=False)), model=tensors,
                    criterion=None, optimizer_history=[dict(num_updates=updates)], task_state=dict(label_names=list(labels)), extra_state={}), path)


def load_checkpoint(path):
    state = torch.load(path, map_location="cpu")
    m = state["cfg"]["model"]
    conv = int(m["conv_feature_layers"].split(",")[0].strip("[( "))
    c = dict(layers=m["encoder_layers"], dim=m["encoder_embed_dim"], ffn=m["encoder_ffn_embed_dim"], heads=m["encoder_attention_heads"],
             conv=conv, pos=m["conv_pos"], groups=m["conv_pos_groups"])
    net = EcgFm(m["num_labels"], c)
    net.load_state_dict(state["model"])
    return net.eval(), state["task_state"].get("label_names")
