#include "data/tag_words.hpp"

namespace balse {

TagWords words_of(TagSubject subject) {
  return subject == TagSubject::users ? TagWords{.item = "user",
                                                 .tag = "feature",
                                                 .weight = "value",
                                                 .one = "a user",
                                                 .list = "a user and their features"}
                                      : TagWords{.item = "item",
                                                 .tag = "tag",
                                                 .weight = "weight",
                                                 .one = "an item",
                                                 .list = "an item and its tags"};
}

Column column_of(TagSubject subject, Column column) {
  if (subject == TagSubject::users) {
    switch (column) {
      case Column::item:
        return Column::user;
      case Column::tag:
        return Column::feature;
      case Column::tag_list:
        return Column::feature_list;
      default:
        break;
    }
  }
  return column;
}

}  // namespace balse
