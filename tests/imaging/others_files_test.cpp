// Trained files of other projects, in both encodings and with convolutions and inner products,
// and an image board's collection of awkward pictures.

#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/tagging/imaging.hpp"
#include "balse/tagging/preprocessing.hpp"

#include "imaging/image_files.hpp"
#include "imaging/import_caffemodel.hpp"
#include "parity/shared_data.hpp"
#include "support/captured_stderr.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace {

struct BlobFacts {
  std::size_t size;
  double sum;
  double sum_by_place;  ///< each number times its place, counted from 1: their order too
};

struct LayerFacts {
  const char* name;
  BlobFacts blobs[2];
};

struct FileFacts {
  const char* path;
  std::vector<LayerFacts> layers;
};

// By a reader of protocol buffers written in Python for the purpose, which knows no Caffe and no
// OpenCV: numpy.frombuffer(data, "<f4").astype("f8"), sum() and (a * arange(1, size + 1)).sum().
const std::vector<FileFacts> kFiles = {
    {"v1_everpeace_2014/lenet_iter_10000.caffemodel",
     {
         {"conv1", {{500, 15.524769, 3059.3277}, {20, -1.2605945, -14.0157693}}},
         {"conv2", {{25000, -104.990832, -1290564.68}, {50, -1.67284508, -47.8074528}}},
         {"ip1", {{400000, 80.6575225, 15568465.4}, {500, 0.558648188, 133.145613}}},
         {"ip2", {{5000, 0.204756124, 2907.23652}, {10, -9.84314829e-06, 0.00598373264}}},
     }},
    {"v1_everpeace_2014/cifar10_quick_iter_5000.caffemodel",
     {
         {"conv1", {{2400, -0.0788154935, 119.07322}, {32, -0.233247936, -4.24707955}}},
         {"conv2", {{25600, -27.4688035, -353342.76}, {32, 0.103961495, 1.99456694}}},
         {"conv3", {{51200, -56.0661831, -1460873.75}, {64, 1.12790385, 42.1261985}}},
         {"ip1", {{65536, -10.0029404, -569524.152}, {64, 0.582600794, 21.1085423}}},
         {"ip2", {{640, 1.83506667, -146.546188}, {10, 4.80562449e-07, -0.0713110436}}},
     }},
    {"v1_everpeace_2014/cifar10_full_iter_70000.caffemodel",
     {
         {"conv1", {{2400, -1.91420886, -9210.76752}, {32, -0.275943014, -4.5187148}}},
         {"conv2", {{25600, -8.58551, -97559.1259}, {32, 0.000242776121, 0.14292521}}},
         {"conv3", {{51200, -89.8269257, -2341116.18}, {64, -0.0251728727, -0.818797968}}},
         {"ip1", {{10240, 1.94503076e-06, -195.631417}, {10, 7.85663724e-06, -1.58311198}}},
     }},
    {"lenet/lenet_iter_10000.caffemodel",
     {
         {"conv1", {{500, 1.53251273, 678.799567}, {20, -0.0932618412, -4.48272052}}},
         {"conv2", {{25000, -96.8838406, -1303972.49}, {50, -2.43656287, -61.4007377}}},
         {"ip1", {{400000, -29.4725087, -4302224.88}, {500, 0.169352418, 61.8039526}}},
         {"ip2", {{5000, -0.19770645, -6448.00091}, {10, -1.04303472e-05, 0.293327725}}},
     }},
    {"mtcnn/det1.caffemodel",
     {
         {"conv1", {{270, 2.34876704, 257.718423}, {10, 2.81667852, 12.6350989}}},
         {"conv2", {{1440, -38.5657889, -24171.0944}, {16, 20.1702463, 154.5357}}},
         {"conv3", {{4608, -43.2797315, -137367.691}, {32, 14.9049552, 256.058632}}},
         {"conv4-1", {{64, -0.618073249, -1.17544796}, {2, 2.25834665e-05, -0.000485100492}}},
         {"conv4-2", {{128, 0.174966573, 16.4602881}, {4, -0.0945487954, -0.296104897}}},
     }},
    {"mtcnn/det2.caffemodel",
     {
         {"conv1", {{756, 0.235486531, -313.263623}, {28, -0.675033576, -10.7979792}}},
         {"conv2", {{12096, -81.3515734, -418134.828}, {48, 3.21918492, 61.0489423}}},
         {"conv3", {{12288, -32.827753, -219588.196}, {64, 6.38150731, 224.637372}}},
         {"conv4", {{73728, -73.5947546, -2983855.33}, {128, 10.9472221, 697.864257}}},
         {"conv5-1", {{256, 0.00268435932, 149.679589}, {2, 2.98023224e-08, 0.0944935828}}},
         {"conv5-2", {{512, -0.0600924191, 791.251314}, {4, -0.280413114, -0.827893864}}},
         {"conv5-3", {{1280, 1.54786028, 1850.29035}, {10, 4.17654106, 24.5042602}}},
     }},
    {"mtcnn/det3.caffemodel",
     {
         {"conv1", {{864, -0.929808928, -685.600774}, {32, -2.21234441, -53.9587994}}},
         {"conv2", {{18432, -118.872776, -993041.675}, {64, 2.58551319, 63.1556282}}},
         {"conv3", {{36864, -52.3570587, -921509.908}, {64, 0.339375049, 20.3188937}}},
         {"conv4", {{32768, -56.9071, -927136.89}, {128, 7.31736731, 474.533024}}},
         {"conv5", {{294912, -147.486701, -20241412.5}, {256, 13.9706453, 1769.57584}}},
         {"conv6-1", {{512, 0.0149076856, -1537.15331}, {2, 2.5331974e-07, 0.174772888}}},
         {"conv6-2", {{1024, 1.76356831, 3234.76981}, {4, 0.0185512695, -0.181480676}}},
         {"conv6-3", {{2560, -0.837648061, -525.093269}, {10, 5.41747501, 31.9061741}}},
     }},
};

void check_blob(const std::vector<float>& blob, const BlobFacts& facts) {
  CHECK(blob.size() == facts.size);
  double sum = 0.0;
  double sum_by_place = 0.0;
  double magnitude = 0.0;
  for (std::size_t k = 0; k < blob.size(); ++k) {
    const auto value = static_cast<double>(blob[k]);
    sum += value;
    sum_by_place += value * static_cast<double>(k + 1);
    magnitude += std::abs(value);
  }
  CHECK(std::abs(sum - facts.sum) <= 1e-8 * magnitude);
  CHECK(std::abs(sum_by_place - facts.sum_by_place) <=
        1e-8 * magnitude * static_cast<double>(blob.size()));
}

}  // namespace

TEST_CASE("trained Caffe files of both encodings are read as numpy reads them", "[parity]") {
  BALSE_NEEDS_SHARED_DATA();
  for (const FileFacts& facts : kFiles) {
    INFO(facts.path);
    const MappedFile file(shared_path(std::string("data/caffemodels/") + facts.path));
    std::vector<CaffeLayerShape> shapes = survey_caffemodel(file.bytes(), file.path());
    // Slopes of a PReLU are no matrix.
    std::erase_if(shapes, [](const CaffeLayerShape& shape) { return shape.blobs.size() != 2; });
    const CapturedStderr captured;
    const std::vector<CaffeLayer> layers = read_caffe_layers(file.bytes(), file.path(), shapes);
    CHECK(captured.text() == "");
    REQUIRE(layers.size() == facts.layers.size());
    for (std::size_t k = 0; k < layers.size(); ++k) {
      INFO(facts.layers[k].name);
      CHECK(layers[k].name == facts.layers[k].name);
      REQUIRE(layers[k].blobs.size() == 2);
      check_blob(layers[k].blobs[0], facts.layers[k].blobs[0]);
      check_blob(layers[k].blobs[1], facts.layers[k].blobs[1]);
    }
  }
}

TEST_CASE("an image board's awkward pictures are read, or refused with a reason", "[parity]") {
  BALSE_NEEDS_SHARED_DATA();
  // No images; cut short, as djpeg says too.
  const std::set<std::string> refused = {"empty.png",        "test-corrupt.png",
                                         "test-corrupt.jpg", "test-large.jpg",
                                         "test-blank.jpg",   "test-exif-small.jpg"};
  std::size_t read = 0;
  std::size_t found = 0;
  std::vector<float> planes(InputSpec{}.values());
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(shared_path("data/images"))) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name == "LICENSE") {
      continue;
    }
    INFO(name);
    ++found;
    const std::string file = read_file(entry.path().string());
    const CapturedStderr captured;
    try {
      const Image image = imaging().decode(bytes_of(file));
      prepare_input(image, {}, planes);
      CHECK(refused.count(name) == 0);
      ++read;
      // OpenCV's CMYK is another matter (decode_test.cpp), and OpenCV 4.6 reads no GIF.
      if (name.find("cmyk") == std::string::npos && name.find(".gif") == std::string::npos) {
        const Image opencv = decoded_by_opencv(file);
        CHECK(image.width == opencv.width);
        CHECK(image.height == opencv.height);
        CHECK((image.bytes == opencv.bytes));
      }
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::bad_data);
      INFO(error.what());
      CHECK(refused.count(name) == 1);
      CHECK(!error.parts().found.empty());
    }
    CHECK(captured.text() == "");
  }
  CHECK(found == 38);
  CHECK(read == found - refused.size());
}
