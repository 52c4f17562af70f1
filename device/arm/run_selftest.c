/* Runs a network on the segments of a model package's self-test and compares its logits with those that the package expects.
   run_selftest NETWORK SELFTEST SEGMENTS LABELS TOLERANCE; exit code 0: within the tolerance. SELFTEST holds float32 [SEGMENTS × 12 × 2500], then [SEGMENTS × LABELS].
   The functions are those of ONNX Runtime's C API; ort_api.h, made by check.sh, has the order of its table. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "ort_api.h"

enum { LEADS = 12, SAMPLES = 2500, FLOAT = 1, NO_LIMIT = 99, ERRORS_ONLY = 3 };

extern const struct { const struct ort_api *(*get_api)(uint32_t version); const char *(*version)(void); } *OrtGetApiBase(void);
static const struct ort_api *api;

static void check(void *status)
{
    if (!status) return;
    fprintf(stderr, "run_selftest: %s\n", ((const char *(*)(void *))api->GetErrorMessage)(status));
    exit(2);
}

#define CALL(function, ...) check(((void *(*)())api->function)(__VA_ARGS__))

int main(int count, char **arguments)
{
    if (count != 6) { fprintf(stderr, "usage: run_selftest NETWORK SELFTEST SEGMENTS LABELS TOLERANCE\n"); return 2; }
    const int64_t segments = atoi(arguments[3]), labels = atoi(arguments[4]);
    const double tolerance = atof(arguments[5]);
    const size_t inputs = (size_t)(segments * LEADS * SAMPLES), outputs = (size_t)(segments * labels);
    float *values = malloc((inputs + outputs) * sizeof *values);
    FILE *file = fopen(arguments[2], "rb");
    if (!values || !file || fread(values, sizeof *values, inputs + outputs, file) != inputs + outputs) { fprintf(stderr, "run_selftest: %s cannot be read\n", arguments[2]); return 2; }
    fclose(file);

    void *environment, *options, *session, *memory, *ecg, *logits = NULL;
    float *given;
    api = OrtGetApiBase()->get_api(1);
    if (!api) { fprintf(stderr, "run_selftest: the library offers no table of version 1\n"); return 2; }
    CALL(CreateEnv, ERRORS_ONLY, "selftest", &environment);
    CALL(CreateSessionOptions, &options);
    CALL(SetIntraOpNumThreads, options, 1);
    CALL(SetSessionGraphOptimizationLevel, options, NO_LIMIT);
    CALL(CreateSession, environment, arguments[1], options, &session);
    CALL(CreateCpuMemoryInfo, 0, 0, &memory);
    CALL(CreateTensorWithDataAsOrtValue, memory, values, inputs * sizeof *values, (const int64_t[]){ segments, LEADS, SAMPLES }, (size_t)3, FLOAT, &ecg);

    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    CALL(Run, session, NULL, (const char *[]){ "ecg" }, (const void *[]){ ecg }, (size_t)1, (const char *[]){ "logits" }, (size_t)1, &logits);
    clock_gettime(CLOCK_MONOTONIC, &end);
    CALL(GetTensorMutableData, logits, &given);

    double max = 0, sum = 0;
    for (size_t i = 0; i < outputs; i++) {
        const double difference = fabs((double)given[i] - values[inputs + i]);
        if (!(difference <= max)) max = isnan(difference) ? INFINITY : difference;
        sum += difference * difference;
    }

    printf("ONNX Runtime %s: logits off by %.2g at most, %.2g rms; %.2g is allowed; %.1f s for %d segments\n", OrtGetApiBase()->version(), max, sqrt(sum / (double)outputs), tolerance,
           (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9, (int)segments);
    return max <= tolerance ? 0 : 1;
}
