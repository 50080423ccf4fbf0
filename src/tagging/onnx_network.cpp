#include <algorithm>
#include <cmath>
#include <cstring>
#include <dlfcn.h>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/tagging/onnx_runtime.hpp"

#include "tagging/onnx_api.hpp"

namespace balse {
namespace {

using onnx::Api;

[[noreturn]] void fail_to_load(const std::string& library, const std::string& found) {
  throw Error(ErrorKind::no_input, {.file = library,
                                    .found = found,
                                    .expected = "ONNX Runtime 1.8 or later, of this kind of "
                                                "processor",
                                    .hint = "--onnxruntime PATH, where you have another"});
}

const Api& load_api(const std::string& library) {
  void* const module = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    const char* const reason = ::dlerror();  // NOLINT(concurrency-mt-unsafe): its own per thread
    fail_to_load(library, std::string("this cannot be loaded: ") +
                              (reason != nullptr ? reason : "no reason given"));
  }
  using Entry = const onnx::ApiBase* (*)();
  const auto entry = reinterpret_cast<Entry>(::dlsym(module, "OrtGetApiBase"));
  if (entry == nullptr) {
    fail_to_load(library, "a library that is no ONNX Runtime");
  }
  const Api* const api = entry()->get_api(onnx::kApiVersion);
  if (api == nullptr) {
    fail_to_load(library, std::string("ONNX Runtime ") + entry()->version_string());
  }
  return *api;
}

/// What the runtime made, given back at the end.
template <typename Object>
class Owned {
 public:
  Owned() = default;
  explicit Owned(void (*release)(Object*)) : release_(release) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { reset(); }

  Object** out() {
    reset();
    return &object_;
  }
  Object* get() const { return object_; }

 private:
  void reset() {
    if (object_ != nullptr) {
      release_(std::exchange(object_, nullptr));
    }
  }

  void (*release_)(Object*) = nullptr;
  Object* object_ = nullptr;
};

float sigmoid(float x) {
  return 1.0F / (1.0F + std::exp(-x));
}

void activate(std::span<float> values, Activation activation) {
  if (activation == Activation::sigmoid) {
    std::transform(values.begin(), values.end(), values.begin(), sigmoid);
  } else if (activation == Activation::softmax && !values.empty()) {
    const float largest = *std::max_element(values.begin(), values.end());
    double sum = 0.0;
    for (float& value : values) {
      value = std::exp(value - largest);
      sum += static_cast<double>(value);
    }
    for (float& value : values) {
      value = static_cast<float>(static_cast<double>(value) / sum);
    }
  }
}

class OnnxNetwork final : public Network {
 public:
  OnnxNetwork(const OnnxSession& session, const NetworkOptions& options)
      : plan_(session.plan),
        model_(session.model),
        embedding_(session.embedding),
        activation_(session.activation),
        api_(load_api(session.runtime)) {
    check(api_.create_env(onnx::LoggingLevel::fatal, "balse", env_.out()), "");
    Owned<onnx::SessionOptions> settings(api_.release_session_options);
    check(api_.create_session_options(settings.out()), "");
    check(api_.set_log_level(settings.get(), static_cast<int>(onnx::LoggingLevel::fatal)), "");
    check(api_.set_optimization(settings.get(), onnx::Optimization::all), "");
    check(api_.set_threads(settings.get(), options.threads), "");
    // Threads that spin slow down whoever else has work for the processor: our decoders.
    check(api_.add_config_entry(settings.get(), "session.intra_op.allow_spinning", "0"), "");
    open(settings.get());
    check(api_.create_cpu_memory_info(onnx::AllocatorType::device, onnx::MemoryType::standard,
                                      memory_.out()),
          "");
    // The widths are what one picture gives; what does not run fails here, before any work.
    std::vector<float> picture(plan_.spec.values(), 0.0F);
    run_part(picture.data(), 1, nullptr);
  }

  std::size_t outputs() override { return outputs_; }
  std::size_t features() override { return features_; }

  void run(std::span<const float> inputs, std::size_t count, std::span<float> results) override {
    const std::size_t most = plan_.fixed_batch == 0 ? count : plan_.fixed_batch;
    for (std::size_t done = 0; done < count;) {
      const std::size_t part = std::min(most, count - done);
      run_part(const_cast<float*>(inputs.data()) + done * plan_.spec.values(), part,
               results.data() + done * (outputs_ + features_));
      done += part;
    }
  }

 private:
  using Shape = std::vector<std::int64_t>;

  void open(const onnx::SessionOptions* settings) {
    const char* const refused = "is refused by ONNX Runtime";
    if (embedding_.empty() || has_output(read_onnx_model(model_), embedding_)) {
      check(api_.create_session(env_.get(), model_.c_str(), settings, session_.out()), refused);
      return;
    }
    // The features are inside: the model gets another output.
    const MappedFile file(model_);
    std::vector<char> bytes(file.bytes().size());
    std::memcpy(bytes.data(), file.bytes().data(), bytes.size());
    const std::string more = onnx_with_output(embedding_);
    bytes.insert(bytes.end(), more.begin(), more.end());
    check(api_.create_session_from_array(env_.get(), bytes.data(), bytes.size(), settings,
                                         session_.out()),
          refused);
  }

  /// `results` null: only learns the widths.
  void run_part(float* inputs, std::size_t count, float* results) {
    std::size_t pictures = count;
    if (count < plan_.fixed_batch) {  // the rest is black
      padded_.assign(plan_.fixed_batch * plan_.spec.values(), 0.0F);
      std::copy_n(inputs, count * plan_.spec.values(), padded_.begin());
      inputs = padded_.data();
      pictures = plan_.fixed_batch;
    }
    const auto height = static_cast<std::int64_t>(plan_.spec.height);
    const auto width = static_cast<std::int64_t>(plan_.spec.width);
    const auto batch = static_cast<std::int64_t>(pictures);
    const std::int64_t nchw[] = {batch, 3, height, width};
    const std::int64_t nhwc[] = {batch, height, width, 3};
    Owned<onnx::Value> input(api_.release_value);
    check(api_.create_tensor(memory_.get(), inputs, pictures * plan_.spec.values() * sizeof(float),
                             plan_.spec.layout == Layout::nhwc ? nhwc : nchw, 4,
                             onnx::ElementType::float32, input.out()),
          "");
    const char* const input_name = plan_.input.c_str();
    const char* const output_names[] = {plan_.output.c_str(), embedding_.c_str()};
    const std::size_t wanted = embedding_.empty() ? 1 : 2;
    const onnx::Value* const values[] = {input.get()};
    onnx::Value* made[2] = {nullptr, nullptr};
    onnx::Status* const status =
        api_.run(session_.get(), nullptr, &input_name, values, 1, output_names, wanted, made);
    Owned<onnx::Value> tags(api_.release_value);
    Owned<onnx::Value> features(api_.release_value);
    *tags.out() = made[0];
    *features.out() = made[1];
    check(status, "does not run");
    take(tags.get(), pictures, count, results, 0, outputs_);
    if (wanted == 2) {
      take(features.get(), pictures, count, results, outputs_, features_);
    }
    if (results != nullptr) {
      for (std::size_t row = 0; row < count; ++row) {
        activate({results + row * (outputs_ + features_), outputs_}, activation_);
      }
    }
  }

  /// Copies a tensor of `pictures` rows, of which `count` are wanted, behind `column` of the
  /// results. What a picture has of places (tokens, pixels) becomes their mean.
  void take(onnx::Value* value, std::size_t pictures, std::size_t count, float* results,
            std::size_t column, std::size_t& width) {
    const Shape shape = shape_of(value);
    const bool is_embedding = column > 0;
    if (shape.size() < 2 || shape[0] != static_cast<std::int64_t>(pictures)) {
      refuse("gives " + std::to_string(shape.empty() ? 0 : shape[0]) + " rows for " +
             std::to_string(pictures) + (pictures == 1 ? " picture" : " pictures"));
    }
    constexpr std::size_t kMostDimensions = 4;
    if (is_embedding && shape.size() > kMostDimensions) {
      refuse("gives an embedding of " + std::to_string(shape.size()) + " dimensions");
    }
    std::size_t values = 1;
    for (std::size_t k = 1; k < shape.size(); ++k) {
      values *= static_cast<std::size_t>(shape[k]);
    }
    // N x places x features of a transformer, N x features x height x width of convolutions.
    const std::size_t places = !is_embedding || shape.size() == 2 ? 1
                               : shape.size() == 3 ? static_cast<std::size_t>(shape[1])
                                                   : values / static_cast<std::size_t>(shape[1]);
    const std::size_t found = places == 0 ? 0 : values / places;
    if (results == nullptr) {
      width = found;
    }
    if (found == 0 || found != width) {
      refuse("gives " + std::to_string(found) + " values for a picture, and before " +
             std::to_string(width));
    }
    if (results == nullptr) {
      return;
    }
    void* data = nullptr;
    check(api_.tensor_data(value, &data), "");
    const auto* const from = static_cast<const float*>(data);
    const std::size_t feature_step = shape.size() == 4 ? places : 1;
    const std::size_t place_step = shape.size() == 4 ? 1 : width;
    for (std::size_t row = 0; row < count; ++row) {
      float* const to = results + row * (outputs_ + features_) + column;
      for (std::size_t k = 0; k < width; ++k) {
        double sum = 0.0;
        for (std::size_t place = 0; place < places; ++place) {
          sum += static_cast<double>(from[row * values + k * feature_step + place * place_step]);
        }
        to[k] = static_cast<float>(sum / static_cast<double>(places));
      }
    }
  }

  Shape shape_of(const onnx::Value* value) const {
    Owned<onnx::TypeAndShape> type(api_.release_type_and_shape);
    check(api_.type_and_shape(value, type.out()), "");
    onnx::ElementType element = {};
    check(api_.element_type(type.get(), &element), "");
    if (element != onnx::ElementType::float32) {
      refuse("gives something else than numbers of float32");
    }
    std::size_t dimensions = 0;
    check(api_.dimensions_count(type.get(), &dimensions), "");
    Shape shape(dimensions);
    check(api_.dimensions(type.get(), shape.data(), dimensions), "");
    return shape;
  }

  [[noreturn]] void refuse(const std::string& found) const {
    throw Error(ErrorKind::bad_data, {.file = model_,
                                      .found = "this " + found,
                                      .expected = "a tagger: a row of tags for each picture"});
  }

  /// `what` went wrong with the model; empty: it is not the model's fault.
  void check(onnx::Status* status, const char* what) const {
    if (status == nullptr) {
      return;
    }
    const std::string message = printable(api_.error_message(status));
    api_.release_status(status);
    if (message.find("bad_alloc") != std::string::npos ||
        message.find("Failed to allocate memory") != std::string::npos) {
      throw std::bad_alloc();
    }
    if (*what == '\0') {
      throw Error(ErrorKind::out_of_resources, {.found = "ONNX Runtime fails: " + message});
    }
    throw Error(ErrorKind::bad_data,
                {.file = model_,
                 .found = std::string("this ") + what + ": " + shorten(message, 300),
                 .expected = "a model that this ONNX Runtime knows",
                 .hint = "a newer ONNX Runtime (--onnxruntime)"});
  }

  OnnxPlan plan_;
  std::string model_;
  std::string embedding_;
  Activation activation_;
  const Api& api_;
  // In this order: the session goes before the environment.
  Owned<onnx::Env> env_{api_.release_env};
  Owned<onnx::MemoryInfo> memory_{api_.release_memory_info};
  Owned<onnx::Session> session_{api_.release_session};
  std::size_t outputs_ = 0;
  std::size_t features_ = 0;
  std::vector<float> padded_;
};

}  // namespace

void check_onnxruntime(const std::string& library) {
  load_api(library);
}

std::unique_ptr<Network> make_onnx_network(const OnnxSession& session,
                                           const NetworkOptions& options) {
  return std::make_unique<OnnxNetwork>(session, options);
}

}  // namespace balse
