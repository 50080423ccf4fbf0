#include "winograd_trunk.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

namespace balse {
namespace {

using dnnl::memory;

/// Pictures at once: with more, the layers' outputs leave the caches further behind.
constexpr memory::dim kChunk = 8;
constexpr memory::dim kTrunkSide = 224;
constexpr std::size_t kBufferAlignment = 64;

/// Memory for whatever is largest of what takes turns in it.
class Buffer {
 public:
  void grow(std::size_t bytes) { size_ = std::max(size_, bytes); }
  void allocate() {
    const std::size_t whole = (size_ + kBufferAlignment - 1) / kBufferAlignment * kBufferAlignment;
    data_.reset(std::aligned_alloc(kBufferAlignment, std::max(whole, kBufferAlignment)));
    if (!data_) {
      throw std::bad_alloc();
    }
  }
  void* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(void* data) const { std::free(data); }
  };
  std::size_t size_ = 0;
  std::unique_ptr<void, Free> data_;
};

class OnednnTrunk final : public WinogradTrunk {
 public:
  explicit OnednnTrunk(const Illustration2VecWeights& weights);

  void run(const float* inputs, std::size_t count, float* outputs) override;
  std::size_t channels() const override { return static_cast<std::size_t>(channels_); }

 private:
  struct Step {
    dnnl::primitive primitive;
    std::unordered_map<int, memory> arguments;
  };
  using Arguments = std::vector<std::pair<int, memory>>;

  void add_convolution(const ConvolutionWeights& layer, bool first);
  void add_pool();
  memory add_reordered(const float* values, const memory::desc& from, const memory::desc& to);
  memory output(const memory::desc& desc);

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  Buffer turns_[2];
  Buffer scratch_;
  std::vector<Step> steps_;
  memory input_;   // plain
  memory last_;    // of the step before
  memory output_;  // plain
  memory::dim side_ = kTrunkSide;
  memory::dim channels_ = 3;
  std::size_t turn_ = 0;
  // Memory objects whose place is decided when all sizes are known.
  std::vector<std::pair<memory, const Buffer*>> unplaced_;
};

OnednnTrunk::OnednnTrunk(const Illustration2VecWeights& weights) {
  const memory::desc plain({kChunk, 3, kTrunkSide, kTrunkSide}, memory::data_type::f32,
                           memory::format_tag::nchw);
  input_ = memory(plain, engine_);
  last_ = input_;
  for (std::size_t k = 0; k < kLayers; ++k) {
    add_convolution(weights.layers[k], k == 0);
    if (kIllustration2VecLayers[k].pool_after) {
      add_pool();
    }
  }
  output_ =
      memory({{kChunk, channels_, side_, side_}, memory::data_type::f32, memory::format_tag::nchw},
             engine_);
  steps_.push_back(
      {dnnl::reorder(last_, output_), {{DNNL_ARG_FROM, last_}, {DNNL_ARG_TO, output_}}});
  for (Buffer* buffer : {&turns_[0], &turns_[1], &scratch_}) {
    buffer->allocate();
  }
  for (auto& [object, buffer] : unplaced_) {
    object.set_data_handle(buffer->data());
  }
}

memory OnednnTrunk::output(const memory::desc& desc) {
  Buffer& buffer = turns_[turn_];
  turn_ = 1 - turn_;
  buffer.grow(desc.get_size());
  memory object(desc, engine_, DNNL_MEMORY_NONE);
  unplaced_.emplace_back(object, &buffer);
  return object;
}

memory OnednnTrunk::add_reordered(const float* values, const memory::desc& from,
                                  const memory::desc& to) {
  // Only read; oneDNN has no way to say so.
  memory plain(from, engine_, const_cast<float*>(values));
  memory packed(to, engine_);
  dnnl::reorder(plain, packed).execute(stream_, plain, packed);
  stream_.wait();
  return packed;
}

void OnednnTrunk::add_convolution(const ConvolutionWeights& layer, bool first) {
  constexpr auto kFloat = memory::data_type::f32;
  constexpr auto kAny = memory::format_tag::any;
  const memory::dims kernel = {layer.outputs, layer.inputs, 3, 3};
  const memory::dims bias = {layer.outputs};
  const memory::desc bias_desc(bias, kFloat, memory::format_tag::x);
  // Three channels are too few for Winograd, and next to no work.
  const auto algorithm =
      first ? dnnl::algorithm::convolution_direct : dnnl::algorithm::convolution_winograd;
  const dnnl::convolution_forward::desc description(
      dnnl::prop_kind::forward_inference, algorithm,
      first ? input_.get_desc() : memory::desc({kChunk, channels_, side_, side_}, kFloat, kAny),
      {kernel, kFloat, kAny}, bias_desc, {{kChunk, layer.outputs, side_, side_}, kFloat, kAny},
      {1, 1}, {1, 1}, {1, 1});
  dnnl::post_ops relu;
  relu.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(relu);
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const dnnl::convolution_forward::primitive_desc chosen(description, attributes, engine_);

  if (last_.get_desc() != chosen.src_desc()) {
    const memory reordered = output(chosen.src_desc());
    steps_.push_back(
        {dnnl::reorder(last_, reordered), {{DNNL_ARG_FROM, last_}, {DNNL_ARG_TO, reordered}}});
    last_ = reordered;
  }
  scratch_.grow(chosen.scratchpad_desc().get_size());
  memory scratch(chosen.scratchpad_desc(), engine_, DNNL_MEMORY_NONE);
  unplaced_.emplace_back(scratch, &scratch_);
  const memory result = output(chosen.dst_desc());
  steps_.push_back({dnnl::convolution_forward(chosen),
                    {{DNNL_ARG_SRC, last_},
                     {DNNL_ARG_WEIGHTS, add_reordered(layer.weights.data(),
                                                      {kernel, kFloat, memory::format_tag::oihw},
                                                      chosen.weights_desc())},
                     {DNNL_ARG_BIAS, add_reordered(layer.biases.data(), bias_desc, bias_desc)},
                     {DNNL_ARG_DST, result},
                     {DNNL_ARG_SCRATCHPAD, scratch}}});
  last_ = result;
  channels_ = layer.outputs;
}

void OnednnTrunk::add_pool() {
  side_ /= 2;
  const dnnl::pooling_forward::desc description(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max, last_.get_desc(),
      {{kChunk, channels_, side_, side_}, memory::data_type::f32, memory::format_tag::any}, {2, 2},
      {2, 2}, {0, 0}, {0, 0});
  const dnnl::pooling_forward::primitive_desc chosen(description, engine_);
  const memory result = output(chosen.dst_desc());
  steps_.push_back(
      {dnnl::pooling_forward(chosen), {{DNNL_ARG_SRC, last_}, {DNNL_ARG_DST, result}}});
  last_ = result;
}

void OnednnTrunk::run(const float* inputs, std::size_t count, float* outputs) {
  const std::size_t input_values = input_.get_desc().get_size() / sizeof(float) / kChunk;
  const std::size_t output_values = output_.get_desc().get_size() / sizeof(float) / kChunk;
  for (std::size_t begin = 0; begin < count; begin += kChunk) {
    // The last chunk may be short: what it has of the one before is computed for nothing.
    const std::size_t pictures = std::min<std::size_t>(kChunk, count - begin);
    std::memcpy(input_.get_data_handle(), inputs + begin * input_values,
                pictures * input_values * sizeof(float));
    for (const Step& step : steps_) {
      step.primitive.execute(stream_, step.arguments);
    }
    stream_.wait();
    std::memcpy(outputs + begin * output_values, output_.get_data_handle(),
                pictures * output_values * sizeof(float));
  }
}

}  // namespace

std::unique_ptr<WinogradTrunk> WinogradTrunk::make(Illustration2VecWeights& weights) {
  // A vector of AVX-512 is 16 channels; narrow nets would be mostly padding.
  constexpr std::uint32_t kVector = 16;
  constexpr std::uint32_t kNarrow = 64;
  const bool suits = std::all_of(weights.layers.begin(), weights.layers.begin() + kLayers,
                                 [](const ConvolutionWeights& layer) {
                                   return layer.outputs >= kNarrow && layer.outputs % kVector == 0;
                                 });
  if (!suits) {
    return nullptr;
  }
  try {
    auto trunk = std::make_unique<OnednnTrunk>(weights);
    for (std::size_t k = 0; k < kLayers; ++k) {
      std::vector<float>().swap(weights.layers[k].weights);
    }
    return trunk;
  } catch (const dnnl::error&) {  // not implemented for this processor
    return nullptr;
  }
}

}  // namespace balse
