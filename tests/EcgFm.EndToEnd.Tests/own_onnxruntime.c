/* An ONNX Runtime of the user's own, as NVIDIA builds one for Jetson: the shipped library, with a CUDA and a TensorRT provider before it that write each call down,
   say that it succeeded, and leave the network to the processor.

   REAL, FOLDER and VERSION are given when it is compiled. In FOLDER: "calls" is what it was asked for, one call a line; while "no-tensorrt" is there TensorRT is refused, as
   where its libraries are missing; while "no-gpu-run" is there nothing runs on a GPU, as where the GPU is full; while "building" is there a session with TensorRT does not get ready, as while an engine is built, which is then in the engine cache.

   ort_api.h, with the order of the C API's table, is made from Microsoft's managed binding. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ort_api.h"

struct base { const void *(*get_api)(uint32_t version); const char *(*get_version)(void); };

enum { FAILED = 1 };

static const struct ort_api *real;
static struct ort_api own;
static char cache[4096];
static int tensorrt, gpu;
static const void *gpu_session;

static void write_down(const char *call, const char *text)
{
    FILE *file = fopen(FOLDER "/calls", "a");
    if (!file) abort();
    fprintf(file, "%s %s\n", call, text);
    fclose(file);
}

static int is_there(const char *path) { return access(path, F_OK) == 0; }

static void *create(void **options)
{
    *options = malloc(1);
    return NULL;
}

static void release(void *options) { free(options); }

static void *update(const char *call, const char *const *keys, const char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char line[4096];
        snprintf(line, sizeof line, "%s=%s", keys[i], values[i]);
        write_down(call, line);
        if (strcmp(keys[i], "trt_engine_cache_path") == 0) snprintf(cache, sizeof cache, "%s", values[i]);
    }
    return NULL;
}

static void *update_tensorrt(void *options, const char *const *keys, const char *const *values, size_t count)
{
    (void)options;
    return update("tensorrt", keys, values, count);
}

static void *update_cuda(void *options, const char *const *keys, const char *const *values, size_t count)
{
    (void)options;
    return update("cuda", keys, values, count);
}

static void *append_tensorrt(void *session, const void *options)
{
    (void)session, (void)options;
    if (is_there(FOLDER "/no-tensorrt")) return ((void *(*)(int, const char *))real->CreateStatus)(FAILED, "libnvinfer.so.10: cannot open shared object file");
    write_down("append", "TensorRT");
    tensorrt = gpu = 1;
    return NULL;
}

static void *append_cuda(void *session, const void *options)
{
    (void)session, (void)options;
    write_down("append", "CUDA");
    gpu = 1;
    return NULL;
}

static void *create_session(const void *environment, const char *path, const void *options, void **session)
{
    if (tensorrt) {
        while (is_there(FOLDER "/building")) usleep(10000);
        if (cache[0]) {
            strncat(cache, "/TensorrtExecutionProvider_TRTKernel_graph_0_0_sm87.engine", sizeof cache - strlen(cache) - 1);
            FILE *engine = fopen(cache, "w");
            if (engine) fclose(engine);
        }
    }
    write_down("session", tensorrt ? "TensorRT" : gpu ? "CUDA" : "without a GPU");
    void *status = ((void *(*)(const void *, const char *, const void *, void **))real->CreateSession)(environment, path, options, session);
    /* A later session may lie where a released one has lain. */
    if (gpu) gpu_session = *session;
    else if (gpu_session == *session) gpu_session = NULL;
    tensorrt = gpu = 0;
    return status;
}

static void *run(const void *session, const void *options, const void *binding)
{
    if (session == gpu_session && is_there(FOLDER "/no-gpu-run")) return ((void *(*)(int, const char *))real->CreateStatus)(FAILED, "CUDA failure 2: out of memory");
    return ((void *(*)(const void *, const void *, const void *))real->RunWithBinding)(session, options, binding);
}

static const struct base *real_base(void)
{
    void *library = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
    if (!library) abort();
    return ((const struct base *(*)(void))dlsym(library, "OrtGetApiBase"))();
}

static const void *get_api(uint32_t version)
{
    real = real_base()->get_api(version);
    if (!real) return NULL;
    own = *real;
    own.CreateTensorRTProviderOptions = own.CreateCUDAProviderOptions = (void *)create;
    own.ReleaseTensorRTProviderOptions = own.ReleaseCUDAProviderOptions = (void *)release;
    own.UpdateTensorRTProviderOptions = (void *)update_tensorrt;
    own.UpdateCUDAProviderOptions = (void *)update_cuda;
    own.SessionOptionsAppendExecutionProvider_TensorRT_V2 = (void *)append_tensorrt;
    own.SessionOptionsAppendExecutionProvider_CUDA_V2 = (void *)append_cuda;
    own.CreateSession = (void *)create_session;
    own.RunWithBinding = (void *)run;
    return &own;
}

static const char *get_version(void) { return VERSION; }

const struct base *OrtGetApiBase(void)
{
    static const struct base base = { get_api, get_version };
    return &base;
}
