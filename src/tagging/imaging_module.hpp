#pragma once

#include "balse/tagging/caffemodel_importer.hpp"
#include "balse/tagging/imaging.hpp"
#include "balse/tagging/poster_painter.hpp"

namespace balse {

/// What the module's one entry, balse_imaging(max_pixels), gives.
struct ImagingModule {
  const Imaging* imaging;
  const CaffemodelImporter* importer;
  const PosterPainter* painter;
};

}  // namespace balse
