#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

class IdIndex;
class SafetensorsReader;
class SafetensorsWriter;

/// What the rows or columns of an array are.
enum class Axis : std::uint8_t {
  none,       ///< there is no such axis: a vector has no columns
  user,       ///< a row for every user of the model
  item,       ///< a row for every item with a place in the training set; later ones have none. Of
              ///< sparse rows also the columns
  tag,        ///< a column for every tag
  feature,    ///< a row for every feature of users
  component,  ///< a row for every component of items' features
  latent,  ///< whatever number the block chose, the same in all its arrays; of rows only where an
           ///< array before it has such columns
  free,    ///< whatever number the block chose
};

/// One array of a block, or of a blend, as it lies in memory and in a model file. From this come
/// checking, writing, mapping and renumbering.
struct ArraySpec {
  std::string_view name;                                ///< of the tensor: "als.user_factors"
  std::array<Axis, 2> axes = {Axis::none, Axis::none};  ///< rows and columns
  std::size_t length = 0;       ///< rows where the first axis is none: a few numbers
  bool counts = false;          ///< unsigned 32-bit numbers instead of doubles
  bool rough = false;           ///< 16 bits instead of 64: see RoughView; always rows and columns
  bool optional = false;        ///< may be missing beside the others; not of sparse rows
  std::string_view start = {};  ///< of sparse rows: the tensor of their offsets
  std::string_view index = {};  ///< and that of their columns; `name` holds the values

  bool sparse() const { return !start.empty(); }
};

/// Rows of all axes that a model has.
struct Extents {
  std::size_t users = 0;
  std::size_t items = 0;
  std::size_t tags = 0;
  std::size_t features = 0;    ///< of users
  std::size_t components = 0;  ///< of items' features
};

/// Dense rows, row-major, wherever they lie.
struct MatrixView {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::span<const double> values;

  std::span<const double> row(std::size_t r) const { return values.subspan(r * columns, columns); }
};

/// Compressed sparse rows: row r holds (index[k], value[k]), start[r] <= k < start[r+1], indices
/// ascending.
struct SparseView {
  std::span<const std::uint64_t> start;  ///< rows + 1
  std::span<const std::uint32_t> index;
  std::span<const double> value;

  std::size_t rows() const { return start.empty() ? 0 : start.size() - 1; }
  std::span<const std::uint32_t> indices_of(std::size_t r) const {
    return index.subspan(start[r], start[r + 1] - start[r]);
  }
  std::span<const double> values_of(std::size_t r) const {
    return value.subspan(start[r], start[r + 1] - start[r]);
  }
};

/// Dense rows of numbers from -1 to 1, to 1/65534: two bytes each, the less significant first, of
/// a signed number that is divided by 32767.
struct RoughView {
  static constexpr double kOne = 32767.0;

  std::size_t rows = 0;
  std::size_t columns = 0;
  std::span<const std::uint8_t> bytes;

  double at(std::size_t row, std::size_t column) const {
    const std::size_t k = 2 * (row * columns + column);
    return static_cast<std::int16_t>(bytes[k] | bytes[k + 1] << 8) / kOne;
  }
};

/// What a RoughView views; numbers beyond -1 to 1 become these.
std::vector<std::uint8_t> rough_bytes(std::span<const double> values);

/// Which old user, item and tag the new ones are, by id.
struct Renumbering {
  static constexpr std::uint32_t kNew = UINT32_MAX;

  std::vector<std::uint32_t> user;  ///< the old index of every new user, or kNew
  std::vector<std::uint32_t> item;
  std::vector<std::uint32_t> tag;
  std::vector<std::uint32_t> feature;
};

/// The old index of every id of `today`, or Renumbering::kNew.
std::vector<std::uint32_t> old_indices(const IdIndex& old, const IdIndex& today);

/// The fitted arrays of one block, by their specs: owned, or in a mapped model file. Copies share
/// the memory, which nobody changes.
class Parameters {
 public:
  bool empty() const { return arrays_.empty(); }

  /// A dense array of `columns` columns, or a vector.
  void add(const ArraySpec& spec, std::vector<double> values, std::size_t columns = 1);
  void add(const ArraySpec& spec, std::vector<std::uint32_t> counts);
  /// A dense array of what rough_bytes() made.
  void add_rough(const ArraySpec& spec, std::vector<std::uint8_t> bytes, std::size_t columns);
  /// Sparse rows.
  void add(const ArraySpec& spec, std::vector<std::uint64_t> start,
           std::vector<std::uint32_t> index, std::vector<double> values);

  // By name; what add() was given. Empty for an array that is not there.
  MatrixView matrix(const ArraySpec& spec) const;
  std::span<const double> vector(const ArraySpec& spec) const { return matrix(spec).values; }
  std::span<const std::uint32_t> counts(const ArraySpec& spec) const;
  SparseView sparse(const ArraySpec& spec) const;
  RoughView rough(const ArraySpec& spec) const;
  bool has(const ArraySpec& spec) const { return find(spec) != nullptr; }

  /// The arrays of a model file that `file` maps and that outlives them; none where it has none of
  /// them. Throws Error(bad_data) where they do not fit `extents` or each other: whoever predicts
  /// may index without looking.
  static Parameters map(const SafetensorsReader& file, std::span<const ArraySpec> specs,
                        const Extents& extents);

  /// Hands the arrays to `writer`, which reads them later. Throws Error(bad_data) for numbers that
  /// are not finite or too large for any model: what no command would open must not be written.
  void write(SafetensorsWriter& writer) const;

  /// These arrays for other users, items and tags: a row that is known keeps its numbers, others
  /// are those of `start`, an array of each name, or zero where it has none. Sparse entries of
  /// columns that are no more vanish. The latent columns must be as many as `start` has: see
  /// fits().
  Parameters renumbered(const Renumbering& renumbering, const Parameters& start) const;

  /// These arrays with `users` rows in those that have a row for every user: row k of the same
  /// array in `rows` is the new row target[k], and what is no target stays as it is. `target`
  /// ascends, and all rows beyond the old ones are in it.
  Parameters with_users(std::span<const std::uint32_t> target, std::size_t users,
                        const Parameters& rows) const;

  /// Whether the arrays of both that have latent columns have as many.
  bool fits(const Parameters& other) const;

 private:
  struct Array {
    ArraySpec spec;
    std::size_t columns = 1;
    std::span<const double> values = {};
    std::span<const std::uint32_t> index = {};  // counts, or columns of sparse rows
    std::span<const std::uint64_t> start = {};
    std::span<const std::uint8_t> bytes = {};  // of a rough array
    std::shared_ptr<const void> owner = {};    // none where the memory is a mapped file's
  };

  const Array* find(const ArraySpec& spec) const;
  Array renumbered_dense(const Array& array, std::span<const std::uint32_t> rows,
                         const Array* start) const;
  static Array with_dense_users(const Array& array, std::span<const std::uint32_t> target,
                                std::size_t users, const Array& rows);
  static Array with_sparse_users(const Array& array, std::span<const std::uint32_t> target,
                                 std::size_t users, const Array& rows);
  static Array renumbered_sparse(const Array& array, std::span<const std::uint32_t> rows,
                                 std::span<const std::uint32_t> old_columns);

  std::vector<Array> arrays_;
};

}  // namespace balse
