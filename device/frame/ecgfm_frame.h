/*
 * Reference encoder of the EcgFm.Edge frame, version 1. README.md beside this file specifies the frame.
 *
 * C99, no allocation, no static data, no floating point, no library but <stdint.h> and <stddef.h>. It needs about 40 bytes of stack
 * and writes straight into the buffer that goes to the UART. Part of EcgFm.Edge, under its licence.
 */
#ifndef ECGFM_FRAME_H
#define ECGFM_FRAME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ECGFM_FRAME_VERSION 1u
#define ECGFM_MAX_CHANNELS 32u
#define ECGFM_MAX_NAME 64u

/* The longest frame before COBS, with its checksums. */
#define ECGFM_MAX_FRAME 1024u

/* A buffer of this size holds any frame, with COBS and the delimiter. */
#define ECGFM_MAX_ENCODED (ECGFM_MAX_FRAME + 1u + ECGFM_MAX_FRAME / 254u + 1u)

/* A buffer of this size holds a frame of so many channels and instants. */
#define ECGFM_ENCODED_SIZE(channels, instants) \
    (24u + 3u * (channels) * (instants) + 1u + (24u + 3u * (channels) * (instants)) / 254u + 1u)

/* What a channel measures. */
enum ecgfm_lead {
    ECGFM_LEAD_OTHER = 0,
    ECGFM_LEAD_I = 1,
    ECGFM_LEAD_II = 2,
    ECGFM_LEAD_III = 3,
    ECGFM_LEAD_AVR = 4,
    ECGFM_LEAD_AVL = 5,
    ECGFM_LEAD_AVF = 6,
    ECGFM_LEAD_V1 = 7,
    ECGFM_LEAD_V2 = 8,
    ECGFM_LEAD_V3 = 9,
    ECGFM_LEAD_V4 = 10,
    ECGFM_LEAD_V5 = 11,
    ECGFM_LEAD_V6 = 12
};

struct ecgfm_channel {
    uint8_t lead;             /* enum ecgfm_lead */
    uint32_t picovolts;       /* per count, referred to the electrodes: 47684 for an ADS1298 at 2.4 V and gain 6 */
};

struct ecgfm_stream {
    uint16_t device_id;       /* chosen by the maker or owner */
    uint16_t stream_id;       /* another one at every start and at every change of anything in this structure */
    uint32_t rate_millihertz; /* 500000 for 500 Hz */
    uint8_t channel_count;    /* 1 to ECGFM_MAX_CHANNELS */
    const struct ecgfm_channel *channels;
    const char *name;         /* UTF-8, ends in 0, at most ECGFM_MAX_NAME bytes before it; may be NULL */
};

/*
 * Writes the info frame with its delimiter: once at the start, then at least once a second.
 * Returns the number of bytes to send, or 0 when the stream is not valid or the buffer is too small.
 */
size_t ecgfm_encode_info(const struct ecgfm_stream *stream, uint8_t *out, size_t capacity);

/*
 * Writes a frame of samples with its delimiter.
 *
 *   counter       number of the first sampling instant since the start; goes on even when instants could not be sent
 *   microseconds  the device's own clock at the first instant, modulo 2^32
 *   lead_off      bit n is set when the electrode of channel n is off
 *   samples       counts, instant after instant: samples[instant * channel_count + channel]; beyond 24 bits the nearest that fits is sent
 *   instants      1 to 255
 *
 * Returns the number of bytes to send, or 0 when an argument is not valid, the frame is too long or the buffer is too small.
 */
size_t ecgfm_encode_samples(const struct ecgfm_stream *stream, uint32_t counter, uint32_t microseconds, uint32_t lead_off,
                            const int32_t *samples, uint8_t instants, uint8_t *out, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
