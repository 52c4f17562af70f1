/*
 * Runs the reference encoder for FrameReferenceTests: reads requests as decimal numbers from standard input, writes frames to standard output.
 *   i device stream rate channels (lead picovolts)* name-length name-byte*
 *   s device stream counter microseconds lead-off channels instants value*
 */
#include <inttypes.h>
#include <stdio.h>
#include "ecgfm_frame.h"

static uint32_t number(void)
{
    uint32_t n = 0;
    if (scanf("%" SCNu32, &n) != 1)
        n = 0;
    return n;
}

int main(void)
{
    static struct ecgfm_channel channels[ECGFM_MAX_CHANNELS];
    static char name[ECGFM_MAX_NAME + 1];
    static int32_t values[ECGFM_MAX_CHANNELS * 255];
    static uint8_t out[ECGFM_MAX_ENCODED];
    char command;

    while (scanf(" %c", &command) == 1) {
        struct ecgfm_stream stream = { 0, 0, 1, 0, channels, name };
        size_t length, i;
        stream.device_id = (uint16_t)number();
        stream.stream_id = (uint16_t)number();
        if (command == 'i') {
            size_t n;
            stream.rate_millihertz = number();
            stream.channel_count = (uint8_t)number();
            for (i = 0; i < stream.channel_count; i++) {
                channels[i].lead = (uint8_t)number();
                channels[i].picovolts = number();
            }
            n = number();
            for (i = 0; i < n; i++)
                name[i] = (char)number();
            name[n] = 0;
            length = ecgfm_encode_info(&stream, out, sizeof out);
        } else {
            uint32_t counter = number(), microseconds = number(), lead_off = number();
            uint8_t instants;
            stream.channel_count = (uint8_t)number();
            instants = (uint8_t)number();
            for (i = 0; i < (size_t)stream.channel_count * instants; i++)
                if (scanf("%" SCNd32, &values[i]) != 1)
                    return 1;
            length = ecgfm_encode_samples(&stream, counter, microseconds, lead_off, values, instants, out, sizeof out);
        }
        if (length == 0 || fwrite(out, 1, length, stdout) != length)
            return 1;
    }
    return 0;
}
