/* Reads a WFDB record and its annotations and prints them. Written from header(5), signal(5) and annot(5) of the WFDB Applications Guide and from
   what the WFDB library does where these leave it open (a length of zero means: until the file ends; an incomplete last frame is no frame; with a
   length the checksums must be right), and from nothing in this repository: the recorder's records are checked by somebody else's eyes.

   usage: wfdb_reader RECORD ANNOTATOR
   prints "record NAME SIGNALS RATE LENGTH TIME DATE", "signal GAIN BASELINE UNITS NAME" each, "frame V V …" each with "-" for an invalid sample,
   "annotation SAMPLE CODE AUX" each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what) { fprintf(stderr, "%s\n", what); exit(1); }

static int word(FILE *f, unsigned *value)
{
    int low = getc(f), high = getc(f);
    if (low == EOF || high == EOF) return 0;
    *value = (unsigned)low | (unsigned)high << 8;
    return 1;
}

static void annotations(const char *path)
{
    FILE *f = fopen(path, "rb");
    unsigned w, code, value, pending = 0, n;
    long sample = 0, at = 0;
    char aux[256] = "";
    if (!f) return;
    for (;;) {
        if (!word(f, &w)) die("the annotation file ends without its end mark");
        code = w >> 10, value = w & 1023;
        if (code == 63) {
            for (n = 0; n < value; n++) aux[n] = (char)getc(f);
            aux[value] = 0;
            if (value & 1) (void)getc(f);
            continue;
        }
        if (code >= 60) continue;
        if (pending) printf("annotation %ld %u %s\n", at, pending, aux);
        pending = 0, aux[0] = 0;
        if (w == 0) break;
        if (code == 59) {
            unsigned high, low;
            if (!word(f, &high) || !word(f, &low)) die("a SKIP is cut off");
            sample += (long)(int)(high << 16 | low);
            continue;
        }
        sample += (long)value;
        at = sample, pending = code;
    }
    if (getc(f) != EOF) die("bytes follow the end mark of the annotations");
    fclose(f);
}

int main(int argc, char **argv)
{
    char path[4096], line[1024], name[256], time[64] = "-", date[64] = "-", data[256] = "", file[256], rest[256], units[64];
    double rate = 250, gain;
    long length = 0, n = 0;
    int signals, i, format, baseline, sums[32] = {0}, expected[32];
    FILE *f;
    if (argc != 3) die("usage: wfdb_reader RECORD ANNOTATOR");
    snprintf(path, sizeof path, "%s.hea", argv[1]);
    if (!(f = fopen(path, "r"))) die("there is no header");
    if (!fgets(line, sizeof line, f) || sscanf(line, "%255s %d %lf %ld %63s %63s", name, &signals, &rate, &length, time, date) < 3) die("no record line");
    if (signals < 1 || signals > 32) die("the number of signals");
    printf("record %s %d %g %ld %s %s\n", name, signals, rate, length, time, date);
    for (i = 0; i < signals; i++) {
        int resolution, zero, initial, block;
        if (!fgets(line, sizeof line, f)
            || sscanf(line, "%255s %d %lf(%d)/%63s %d %d %d %d %d %255[^\n]", file, &format, &gain, &baseline, units, &resolution, &zero, &initial, &expected[i], &block, rest) != 11)
            die("no signal line");
        if (format != 16 || block != 0 || zero != 0 || resolution != 16) die("not format 16");
        if (i > 0 && strcmp(file, data)) die("signals in several files");
        strcpy(data, file);
        printf("signal %g %d %s %s\n", gain, baseline, units, rest);
    }
    fclose(f);
    snprintf(path, sizeof path, "%s", argv[1]);
    if (strrchr(path, '/')) strrchr(path, '/')[1] = 0; else path[0] = 0;
    strncat(path, data, sizeof path - strlen(path) - 1);
    if (!(f = fopen(path, "rb"))) die("there is no signal file");
    for (;; n++) {
        int frame[32];
        unsigned w;
        for (i = 0; i < signals && word(f, &w); i++) frame[i] = (int)(short)w;
        if (i < signals) break;
        if (length > 0 && n == length) die("the signal file is longer than the header says");
        printf("frame");
        for (i = 0; i < signals; i++) {
            sums[i] += frame[i];
            if (frame[i] == -32768) printf(" -"); else printf(" %d", frame[i]);
        }
        printf("\n");
    }
    fclose(f);
    if (length > 0 && n < length) die("the signal file is shorter than the header says");
    if (length > 0)
        for (i = 0; i < signals; i++)
            if (((sums[i] - expected[i]) & 0xFFFF) != 0) die("a checksum is wrong");
    snprintf(path, sizeof path, "%s.%s", argv[1], argv[2]);
    annotations(path);
    return 0;
}
