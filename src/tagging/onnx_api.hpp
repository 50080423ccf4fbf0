#pragma once

#include <cstddef>
#include <cstdint>

namespace balse::onnx {

// The part of ONNX Runtime's C interface that this program calls. Neither Debian nor the runtime's
// npm package has its header, but the interface is made to be called without: a table of functions
// that grows at its end alone, so that the order below is the same in every version
// (onnxruntime.ai/docs/api/c, "ABI stability"). What is not called is left as a gap.

struct Status;
struct Env;
struct Session;
struct SessionOptions;
struct RunOptions;
struct Value;
struct MemoryInfo;
struct TypeAndShape;
using Unused = void (*)();

/// A version that has all of it, of May 2021; later runtimes give it out as well.
inline constexpr std::uint32_t kApiVersion = 8;

enum class LoggingLevel : int { fatal = 4 };
enum class Optimization : int { all = 99 };
enum class ElementType : int { float32 = 1 };
enum class AllocatorType : int { device = 0 };
enum class MemoryType : int { standard = 0 };

struct Api {
  Unused create_status;
  int (*error_code)(const Status*);
  const char* (*error_message)(const Status*);
  Status* (*create_env)(LoggingLevel, const char* name, Env**);
  Unused gap_4[3];
  Status* (*create_session)(const Env*, const char* path, const SessionOptions*, Session**);
  Status* (*create_session_from_array)(const Env*, const void* data, std::size_t size,
                                       const SessionOptions*, Session**);
  Status* (*run)(Session*, const RunOptions*, const char* const* input_names,
                 const Value* const* inputs, std::size_t input_count,
                 const char* const* output_names, std::size_t output_count, Value** outputs);
  Status* (*create_session_options)(SessionOptions**);
  Unused gap_11[11];
  Status* (*set_log_level)(SessionOptions*, int level);
  Status* (*set_optimization)(SessionOptions*, Optimization);
  Status* (*set_threads)(SessionOptions*, int count);
  Unused gap_25[24];
  Status* (*create_tensor)(const MemoryInfo*, void* data, std::size_t bytes,
                           const std::int64_t* shape, std::size_t dimensions, ElementType, Value**);
  Unused gap_50;
  Status* (*tensor_data)(Value*, void** data);
  Unused gap_52[8];
  Status* (*element_type)(const TypeAndShape*, ElementType*);
  Status* (*dimensions_count)(const TypeAndShape*, std::size_t*);
  Status* (*dimensions)(const TypeAndShape*, std::int64_t* values, std::size_t count);
  Unused gap_63[2];
  Status* (*type_and_shape)(const Value*, TypeAndShape**);
  Unused gap_66[3];
  Status* (*create_cpu_memory_info)(AllocatorType, MemoryType, MemoryInfo**);
  Unused gap_70[22];
  void (*release_env)(Env*);
  void (*release_status)(Status*);
  void (*release_memory_info)(MemoryInfo*);
  void (*release_session)(Session*);
  void (*release_value)(Value*);
  Unused gap_97[2];
  void (*release_type_and_shape)(TypeAndShape*);
  void (*release_session_options)(SessionOptions*);
  Unused gap_101[29];
  Status* (*add_config_entry)(SessionOptions*, const char* key, const char* value);
};

static_assert(offsetof(Api, create_session) == 7 * sizeof(void*));
static_assert(offsetof(Api, create_session_options) == 10 * sizeof(void*));
static_assert(offsetof(Api, set_log_level) == 22 * sizeof(void*));
static_assert(offsetof(Api, create_tensor) == 49 * sizeof(void*));
static_assert(offsetof(Api, element_type) == 60 * sizeof(void*));
static_assert(offsetof(Api, type_and_shape) == 65 * sizeof(void*));
static_assert(offsetof(Api, create_cpu_memory_info) == 69 * sizeof(void*));
static_assert(offsetof(Api, release_env) == 92 * sizeof(void*));
static_assert(offsetof(Api, release_type_and_shape) == 99 * sizeof(void*));
static_assert(offsetof(Api, add_config_entry) == 130 * sizeof(void*));

/// What OrtGetApiBase() returns.
struct ApiBase {
  const Api* (*get_api)(std::uint32_t version);
  const char* (*version_string)();
};

}  // namespace balse::onnx
