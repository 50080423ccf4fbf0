#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "balse/support/random.hpp"

#include "tagging/onnx_writer.hpp"

namespace balse::test {

/// A vision transformer of random numbers in the shape of WD's v3 taggers (Dosovitskiy et al.
/// 2021): NHWC pixels 0 to 255 in, patches, blocks of attention and two-layer perceptrons, each
/// after a LayerNormalization, the mean of the tokens, a probability for each tag out.
struct SampleVit {
  std::int64_t side = 448;
  std::int64_t patch = 32;
  std::int64_t width = 32;
  std::int64_t heads = 2;
  std::int64_t blocks = 2;
  std::int64_t tags = 10'861;
  std::int64_t batch = OnnxWriter::kFree;

  struct Block {
    std::vector<float> query, key, value, out, up, down;  // inputs x outputs
  };
  std::vector<float> patches;  // width x 3 x patch x patch
  std::vector<Block> layers;
  std::vector<float> head;  // width x tags
  std::vector<float> bias;

  std::int64_t tokens() const { return (side / patch) * (side / patch); }

  void fill(std::uint64_t seed) {
    Random random(seed);
    const auto draw = [&](std::int64_t count, double scale) {
      std::vector<float> values(static_cast<std::size_t>(count));
      for (float& value : values) {
        value = static_cast<float>(scale * random.normal());
      }
      return values;
    };
    patches = draw(width * 3 * patch * patch, 1.0 / (60.0 * static_cast<double>(patch)));
    const double scale = 1.5 / std::sqrt(static_cast<double>(width));
    for (std::int64_t k = 0; k < blocks; ++k) {
      layers.push_back({draw(width * width, scale), draw(width * width, scale),
                        draw(width * width, scale), draw(width * width, scale),
                        draw(width * 4 * width, scale), draw(4 * width * width, scale / 2)});
    }
    head = draw(width * tags, 2.0 * scale);
    bias = draw(tags, 0.5);
  }

  std::string onnx() const {
    OnnxWriter model;
    model.input("input", {batch, side, side, 3});
    model.output("output", {batch, tags});
    model.weights("patches", {width, 3, patch, patch}, patches);
    model.weights("one", {width}, std::vector<float>(static_cast<std::size_t>(width), 1.0F));
    model.weights("zero", {width}, std::vector<float>(static_cast<std::size_t>(width), 0.0F));
    model.weights("root2", {1}, {std::sqrt(2.0F)});
    model.weights("half", {1}, {0.5F});
    model.weights("unit", {1}, {1.0F});
    const std::int64_t depth = width / heads;
    model.weights("scale", {1}, {1.0F / std::sqrt(static_cast<float>(depth))});
    model.numbers("flat", {0, width, tokens()});
    model.numbers("split", {0, tokens(), heads, depth});
    model.numbers("joined", {0, tokens(), width});
    model.node("Transpose", {"input"}, "nchw", {{"perm", OnnxWriter::Shape{0, 3, 1, 2}}});
    model.node("Conv", {"nchw", "patches"}, "map",
               {{"kernel_shape", OnnxWriter::Shape{patch, patch}},
                {"strides", OnnxWriter::Shape{patch, patch}}});
    model.node("Reshape", {"map", "flat"}, "rows");
    model.node("Transpose", {"rows"}, "x0", {{"perm", OnnxWriter::Shape{0, 2, 1}}});
    for (std::int64_t k = 0; k < blocks; ++k) {
      add_block(model, k);
    }
    const std::string last = "x" + std::to_string(blocks);
    model.node("LayerNormalization", {last, "one", "zero"}, "final", normalisation());
    model.node("ReduceMean", {"final"}, "pooled",
               {{"axes", OnnxWriter::Shape{1}}, {"keepdims", std::int64_t{0}}});
    model.weights("head", {width, tags}, head);
    model.weights("bias", {tags}, bias);
    model.node("MatMul", {"pooled", "head"}, "products");
    model.node("Add", {"products", "bias"}, "logits");
    model.node("Sigmoid", {"logits"}, "output");
    return model.model();
  }

  /// The same reckoned anew, in double: the probabilities, and the pooled tokens into `features`.
  std::vector<double> run(const float* pixels, std::vector<double>* features = nullptr) const;

 private:
  static OnnxWriter::Attributes normalisation() {
    return {{"axis", std::int64_t{-1}}, {"epsilon", 1e-6F}};
  }

  void add_block(OnnxWriter& model, std::int64_t k) const {
    const auto name = [&](const char* what) { return what + std::to_string(k); };
    const Block& block = layers[static_cast<std::size_t>(k)];
    model.weights(name("query"), {width, width}, block.query);
    model.weights(name("key"), {width, width}, block.key);
    model.weights(name("value"), {width, width}, block.value);
    model.weights(name("out"), {width, width}, block.out);
    model.weights(name("up"), {width, 4 * width}, block.up);
    model.weights(name("down"), {4 * width, width}, block.down);
    model.node("LayerNormalization", {name("x"), "one", "zero"}, name("n"), normalisation());
    for (const char* what : {"query", "key", "value"}) {
      model.node("MatMul", {name("n"), name(what)}, name(what) + "_rows");
      model.node("Reshape", {name(what) + "_rows", "split"}, name(what) + "_split");
      model.node("Transpose", {name(what) + "_split"}, name(what) + "_heads",
                 {{"perm", std::string(what) == "key" ? OnnxWriter::Shape{0, 2, 3, 1}
                                                      : OnnxWriter::Shape{0, 2, 1, 3}}});
    }
    model.node("MatMul", {name("query") + "_heads", name("key") + "_heads"}, name("raw"));
    model.node("Mul", {name("raw"), "scale"}, name("scaled"));
    model.node("Softmax", {name("scaled")}, name("weights"), {{"axis", std::int64_t{-1}}});
    model.node("MatMul", {name("weights"), name("value") + "_heads"}, name("mixed"));
    model.node("Transpose", {name("mixed")}, name("turned"),
               {{"perm", OnnxWriter::Shape{0, 2, 1, 3}}});
    model.node("Reshape", {name("turned"), "joined"}, name("together"));
    model.node("MatMul", {name("together"), name("out")}, name("attended"));
    model.node("Add", {name("x"), name("attended")}, name("y"));
    model.node("LayerNormalization", {name("y"), "one", "zero"}, name("m"), normalisation());
    model.node("MatMul", {name("m"), name("up")}, name("wide"));
    // Gelu: x / 2 (1 + erf(x / sqrt 2)).
    model.node("Div", {name("wide"), "root2"}, name("small"));
    model.node("Erf", {name("small")}, name("erf"));
    model.node("Add", {name("erf"), "unit"}, name("shifted"));
    model.node("Mul", {name("wide"), name("shifted")}, name("twice"));
    model.node("Mul", {name("twice"), "half"}, name("gelu"));
    model.node("MatMul", {name("gelu"), name("down")}, name("narrow"));
    model.node("Add", {name("y"), name("narrow")}, "x" + std::to_string(k + 1));
  }
};

}  // namespace balse::test
