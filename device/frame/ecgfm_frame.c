#include "ecgfm_frame.h"

#define TYPE_INFO 1u
#define TYPE_SAMPLES 2u

/* Byte stuffing and checksums run while the bytes are written, so that no second buffer is needed. */
struct writer {
    uint8_t *out;
    size_t at;      /* where the next byte goes */
    size_t code_at; /* where the open COBS group has its length */
    uint16_t ccitt;
    uint16_t cdma2000;
};

static uint16_t crc_step(uint16_t crc, uint8_t byte, uint16_t polynomial)
{
    unsigned bit;
    crc = (uint16_t)(crc ^ ((uint16_t)byte << 8));
    for (bit = 0; bit < 8; bit++)
        crc = (uint16_t)((crc & 0x8000u) ? (uint16_t)(crc << 1) ^ polynomial : (uint16_t)(crc << 1));
    return crc;
}

static void open_group(struct writer *w)
{
    w->code_at = w->at++;
}

static void close_group(struct writer *w)
{
    w->out[w->code_at] = (uint8_t)(w->at - w->code_at);
}

static void stuff(struct writer *w, uint8_t byte)
{
    /* A full group is closed only when another byte follows it: 254 bytes at the end of a frame take no empty group. */
    if (w->at - w->code_at == 255u) {
        close_group(w);
        open_group(w);
    }
    if (byte != 0) {
        w->out[w->at++] = byte;
    } else {
        close_group(w);
        open_group(w);
    }
}

static void put8(struct writer *w, uint8_t byte)
{
    w->ccitt = crc_step(w->ccitt, byte, 0x1021u);
    w->cdma2000 = crc_step(w->cdma2000, byte, 0xC867u);
    stuff(w, byte);
}

static void put16(struct writer *w, uint16_t value)
{
    put8(w, (uint8_t)(value >> 8));
    put8(w, (uint8_t)value);
}

static void put32(struct writer *w, uint32_t value)
{
    put16(w, (uint16_t)(value >> 16));
    put16(w, (uint16_t)value);
}

static void put24(struct writer *w, int32_t value)
{
    uint32_t bits;
    if (value > 0x7FFFFF)
        value = 0x7FFFFF;
    if (value < -0x800000)
        value = -0x800000;
    bits = (uint32_t)value;
    put8(w, (uint8_t)(bits >> 16));
    put16(w, (uint16_t)bits);
}

static void begin(struct writer *w, const struct ecgfm_stream *stream, uint8_t type, uint8_t *out)
{
    w->out = out;
    w->at = 0;
    w->ccitt = 0xFFFFu;
    w->cdma2000 = 0xFFFFu;
    open_group(w);
    put8(w, ECGFM_FRAME_VERSION);
    put8(w, type);
    put16(w, stream->device_id);
    put16(w, stream->stream_id);
}

static size_t finish(struct writer *w)
{
    uint16_t ccitt = w->ccitt, cdma2000 = w->cdma2000;
    stuff(w, (uint8_t)(ccitt >> 8));
    stuff(w, (uint8_t)ccitt);
    stuff(w, (uint8_t)(cdma2000 >> 8));
    stuff(w, (uint8_t)cdma2000);
    close_group(w);
    w->out[w->at++] = 0;
    return w->at;
}

static int fits(size_t length, size_t capacity)
{
    return length <= ECGFM_MAX_FRAME && capacity >= length + 1u + length / 254u + 1u;
}

size_t ecgfm_encode_info(const struct ecgfm_stream *stream, uint8_t *out, size_t capacity)
{
    struct writer w;
    size_t name_length = 0, i;

    while (stream->name && stream->name[name_length])
        if (++name_length > ECGFM_MAX_NAME)
            return 0;
    if (stream->channel_count == 0 || stream->channel_count > ECGFM_MAX_CHANNELS || stream->rate_millihertz == 0)
        return 0;
    for (i = 0; i < stream->channel_count; i++)
        if (stream->channels[i].picovolts == 0)
            return 0;
    if (!fits(16u + 5u * stream->channel_count + name_length, capacity))
        return 0;

    begin(&w, stream, TYPE_INFO, out);
    put32(&w, stream->rate_millihertz);
    put8(&w, stream->channel_count);
    put8(&w, (uint8_t)name_length);
    for (i = 0; i < stream->channel_count; i++) {
        put8(&w, stream->channels[i].lead);
        put32(&w, stream->channels[i].picovolts);
    }
    for (i = 0; i < name_length; i++)
        put8(&w, (uint8_t)stream->name[i]);
    return finish(&w);
}

size_t ecgfm_encode_samples(const struct ecgfm_stream *stream, uint32_t counter, uint32_t microseconds, uint32_t lead_off,
                            const int32_t *samples, uint8_t instants, uint8_t *out, size_t capacity)
{
    struct writer w;
    size_t count = (size_t)stream->channel_count * instants, i;

    if (instants == 0 || stream->channel_count == 0 || stream->channel_count > ECGFM_MAX_CHANNELS)
        return 0;
    if (!fits(24u + 3u * count, capacity))
        return 0;

    begin(&w, stream, TYPE_SAMPLES, out);
    put32(&w, counter);
    put32(&w, microseconds);
    put32(&w, lead_off);
    put8(&w, stream->channel_count);
    put8(&w, instants);
    for (i = 0; i < count; i++)
        put24(&w, samples[i]);
    return finish(&w);
}
