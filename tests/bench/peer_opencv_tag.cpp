// The peer of balse tag: the same network in OpenCV's dnn module; and what the benchmark needs of
// files.
//   peer_opencv_tag weights FILE.caffemodel      random weights of the published size
//   peer_opencv_tag posters FOLDER COUNT         512 x 728 JPEGs
//   peer_opencv_tag net FILE.caffemodel BATCH THREADS
//   peer_opencv_tag folder FILE.caffemodel FOLDER BATCH THREADS

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "network/opencv_net.hpp"
#include "support/random_tagger.hpp"

namespace {

using balse::InputSpec;
using balse::test::kFullWidths;
using balse::test::OpencvNet;
using balse::test::random_tagger;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void write_weights(const std::string& path) {
  const std::string model = caffemodel_bytes(random_tagger(kFullWidths), balse::CaffeEncoding::v2);
  std::ofstream(path, std::ios::binary) << model;
}

/// Smooth shapes, as drawings have them, under a little noise.
void write_posters(const std::string& folder, int count) {
  cv::RNG random(1);
  for (int k = 0; k < count; ++k) {
    cv::Mat coarse(12, 8, CV_8UC3);
    random.fill(coarse, cv::RNG::UNIFORM, 0, 256);
    cv::Mat poster;
    cv::resize(coarse, poster, cv::Size(512, 728), 0, 0, cv::INTER_CUBIC);
    cv::Mat noise(poster.size(), CV_8UC3);
    random.fill(noise, cv::RNG::UNIFORM, 0, 24);
    poster += noise;
    cv::imwrite(folder + "/" + std::to_string(k) + ".jpg", poster, {cv::IMWRITE_JPEG_QUALITY, 90});
  }
}

OpencvNet read_net(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string model{std::istreambuf_iterator<char>(file), {}};
  balse::Illustration2VecWeights widths;
  for (const auto width : kFullWidths) {
    widths.layers.push_back({.outputs = width});
  }
  return {widths, model};
}

void time_net(const std::string& weights, std::size_t batch) {
  OpencvNet net = read_net(weights);
  balse::Random random(1);
  std::vector<float> images(batch * InputSpec{}.values());
  for (float& value : images) {
    value = static_cast<float>(255.0 * random.uniform()) - 170.0F;
  }
  std::vector<double> rates;
  for (int run = 0; run < 4; ++run) {
    const auto begin = Clock::now();
    net.run(images);
    if (run > 0) {
      rates.push_back(static_cast<double>(batch) / seconds_since(begin));
    }
  }
  std::sort(rates.begin(), rates.end());
  std::printf("rate=%.2f\n", rates[rates.size() / 2]);
}

/// Decoding and resizing by OpenCV as well; in float, as the network's authors do.
void time_folder(const std::string& weights, const std::string& folder, std::size_t batch) {
  const auto begin = Clock::now();
  OpencvNet net = read_net(weights);
  const std::size_t plane = 224 * 224;
  std::vector<float> images;
  std::size_t done = 0;
  const auto flush = [&] {
    done += net.run(images).size() / kFullWidths.back();
    images.clear();
  };
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    cv::Mat poster = cv::imread(entry.path().string(), cv::IMREAD_COLOR);
    poster.convertTo(poster, CV_32F);
    cv::resize(poster, poster, cv::Size(224, 224), 0, 0, cv::INTER_LINEAR);
    poster -= cv::Scalar(164.76139251, 167.47864617, 181.13838569);
    images.resize(images.size() + 3 * plane);
    float* const target = images.data() + images.size() - 3 * plane;
    std::vector<cv::Mat> planes;
    for (std::size_t channel = 0; channel < 3; ++channel) {
      planes.emplace_back(224, 224, CV_32F, target + channel * plane);
    }
    cv::split(poster, planes);
    if (images.size() == batch * 3 * plane) {
      flush();
    }
  }
  if (!images.empty()) {
    flush();
  }
  std::printf("rate=%.2f\n", static_cast<double>(done) / seconds_since(begin));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto is = [&](const char* word, std::size_t count) {
    return words.size() == count && words[0] == word;
  };
  if (is("weights", 2)) {
    write_weights(words[1]);
  } else if (is("posters", 3)) {
    write_posters(words[1], std::stoi(words[2]));
  } else if (is("net", 4)) {
    cv::setNumThreads(std::stoi(words[3]));
    time_net(words[1], std::stoul(words[2]));
  } else if (is("folder", 5)) {
    cv::setNumThreads(std::stoi(words[4]));
    time_folder(words[1], words[2], std::stoul(words[3]));
  } else {
    std::fprintf(stderr, "see the first lines of the source\n");
    return 64;
  }
}
