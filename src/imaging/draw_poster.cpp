#include "draw_poster.hpp"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "draw_background.hpp"
#include "draw_person.hpp"

namespace balse {
namespace {

constexpr int kJpegQuality = 80;

void draw_cat(cv::Mat& picture, cv::RNG& random) {
  const Colour furs[] = {{58, 48, 48}, {240, 242, 246}, {80, 150, 230}, {165, 155, 150}};
  const Colour fur = furs[random.uniform(0, 4)];
  const float x =
      random.uniform(0, 2) == 0 ? random.uniform(0.14F, 0.24F) : random.uniform(0.76F, 0.86F);
  const auto width = static_cast<float>(picture.cols);
  const Brush brush(picture,
                    {x * width, random.uniform(0.66F, 0.72F) * static_cast<float>(picture.rows)},
                    random.uniform(0.115F, 0.14F) * width);
  const Colour ink(45, 30, 40);
  brush.line({{0.6F, 2.5F}, {1.5F, 2.2F}, {1.3F, 1.2F}, {1.65F, 0.8F}}, 0.3F, darker(fur, 0.2));
  brush.shape(mirrored({{0.0F, 0.6F}, {0.55F, 0.8F}, {0.85F, 1.9F}, {0.75F, 2.7F}, {0.0F, 2.8F}}),
              fur);
  brush.plate({{-0.95F, 0.1F}, {-0.95F, -1.25F}, {-0.1F, -0.7F}}, fur);
  brush.plate({{0.95F, 0.1F}, {0.95F, -1.25F}, {0.1F, -0.7F}}, fur);
  brush.ellipse({0.0F, 0.0F}, 1.05F, 0.85F, fur, true);
  for (const float side : {-1.0F, 1.0F}) {
    brush.polygon({{side * 0.82F, -0.45F}, {side * 0.86F, -1.0F}, {side * 0.4F, -0.68F}},
                  {180, 170, 250});
    brush.ellipse({side * 0.42F, -0.05F}, 0.22F, 0.26F, {90, 225, 235}, true);
    brush.ellipse({side * 0.42F, -0.05F}, 0.08F, 0.22F, ink);
    brush.line({{side * 0.5F, 0.36F}, {side * 1.35F, 0.25F}}, 0.04F, lighter(fur, 0.7));
    brush.line({{side * 0.5F, 0.46F}, {side * 1.3F, 0.55F}}, 0.04F, lighter(fur, 0.7));
    brush.ellipse({side * 0.38F, 2.7F}, 0.3F, 0.2F, lighter(fur, 0.5), true);
  }
  brush.ellipse({0.0F, 0.28F}, 0.1F, 0.07F, {130, 120, 235});
  brush.line({{-0.2F, 0.45F}, {-0.1F, 0.52F}, {0.0F, 0.4F}, {0.1F, 0.52F}, {0.2F, 0.45F}}, 0.05F,
             ink);
}

/// Two lines of about the same length.
std::vector<std::string> broken(const std::string& title) {
  const std::size_t middle = title.size() / 2;
  const std::size_t before = title.rfind(' ', middle);
  const std::size_t after = title.find(' ', middle);
  if (title.size() < 14 || (before == std::string::npos && after == std::string::npos)) {
    return {title};
  }
  const bool first = after == std::string::npos ||
                     (before != std::string::npos && middle - before < after - middle);
  const std::size_t at = first ? before : after;
  return {title.substr(0, at), title.substr(at + 1)};
}

void draw_title(cv::Mat& picture, const PosterScene& scene, cv::RNG& random) {
  const std::vector<std::string> lines = broken(scene.title);
  const int font = random.uniform(0, 2) == 0 ? cv::FONT_HERSHEY_TRIPLEX : cv::FONT_HERSHEY_DUPLEX;
  constexpr double kLine = 0.058;  // of the height
  const double high = kLine * scene.height * static_cast<double>(lines.size());
  const double top = scene.title_on_top ? 0.015 * scene.height : 0.97 * scene.height - high;
  const Colour letters = mixed({255, 255, 255}, colour_of(scene.background), 0.15);
  if (random.uniform(0, 2) == 0) {
    cv::Mat band = picture.rowRange(static_cast<int>(top), static_cast<int>(top + high * 1.08));
    const Colour cloth = darker(colour_of(scene.background), 0.6) * 0.7;
    cv::addWeighted(band, 0.3, cv::Mat(band.size(), band.type(), cloth), 1.0, 0.0, band);
  }
  for (std::size_t k = 0; k < lines.size(); ++k) {
    int below = 0;
    const cv::Size full = cv::getTextSize(lines[k], font, 1.0, 1, &below);
    const double size =
        std::min(0.9 * scene.width / full.width, 0.75 * kLine * scene.height / 22.0);
    const cv::Point at(
        static_cast<int>(0.5 * (scene.width - size * full.width)),
        static_cast<int>(top + kLine * scene.height * (static_cast<double>(k) + 0.8)));
    cv::putText(picture, lines[k], at, font, size, {45, 25, 35}, 4, cv::LINE_AA);
    cv::putText(picture, lines[k], at, font, size, letters, 1, cv::LINE_AA);
  }
}

/// As if printed and photographed: brighter or darker, and grainy.
void expose(cv::Mat& picture, const PosterScene& scene, cv::RNG& random) {
  // Coarse and gray, as film's is, about a middle of 128.
  cv::Mat grain((picture.rows + 1) / 2, (picture.cols + 1) / 2, CV_8U);
  random.fill(grain, cv::RNG::NORMAL, 128.0, scene.noise);
  cv::resize(grain, grain, picture.size(), 0.0, 0.0, cv::INTER_LINEAR);
  cv::cvtColor(grain, grain, cv::COLOR_GRAY2BGR);
  cv::addWeighted(picture, scene.brightness, grain, 1.0, -128.0, picture);
}

}  // namespace

std::string draw_poster(const PosterScene& scene) {
  cv::RNG random(scene.detail_seed);
  cv::Mat picture(scene.height, scene.width, CV_8UC3);
  draw_background(picture, scene, random);
  for (const PosterPerson& person : scene.people) {
    draw_person(picture, person);
  }
  if (scene.cat) {
    draw_cat(picture, random);
  }
  if (!scene.title.empty()) {
    draw_title(picture, scene, random);
  }
  expose(picture, scene, random);
  std::vector<unsigned char> file;
  cv::imencode(".jpg", picture, file, {cv::IMWRITE_JPEG_QUALITY, kJpegQuality});
  return {file.begin(), file.end()};
}

}  // namespace balse
