// Tags that are not item,tag,weight rows, titles, and lists of ids.

#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/data/id_list_reader.hpp"
#include "balse/data/tags_reader.hpp"
#include "balse/data/works_reader.hpp"

#include "support/errors.hpp"
#include "support/tag_rows.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace tag_forms_test {
namespace {

using Rows = std::vector<std::string>;

ReadTagsSummary summary;

Rows read(const std::string& content, const ReadTagsOptions& options = {},
          const std::string& name = "t") {
  const TemporaryFolder folder;
  return tag_rows(read_tags(folder.write(name, content), options, summary));
}

std::string message(const std::string& content, const ReadTagsOptions& options = {}) {
  const Error error = error_of([&] { read(content, options); });
  CHECK(error.kind() == ErrorKind::bad_data);
  return error.what();
}

ReadTagsOptions with_format(TagsFormat format) {
  ReadTagsOptions options;
  options.format = format;
  return options;
}

}  // namespace

TEST_CASE("lists of tags stand in one column or several", "[tag_forms]") {
  const Rows expected = {"1: A=1 B c=1", "2: B c=1", "3:"};
  CHECK(read("movieId,title,genres\n1,One,A|B c\n2,Two,B c\n3,No,(no genres listed)\n") ==
        expected);
  CHECK_THAT(summary.guess, Contains("lists of tags in \"genres\""));
  CHECK(read("anime_id,name,genre,rating\n1,One,\"A, B c\",8\n2,Two,B c,7\n3,No,,6\n") == expected);
  CHECK(read("id;genres\n1;A,B c\n2;B c\n3;\\N\n") == expected);
  CHECK(read("id\tgenres\n1\t['A', 'B c']\n2\t[\"B c\"]\n3\t[]\n") == expected);
  CHECK(read("id,genres,themes\n1,A,B c\n2,,B c\n3,,\n") == expected);
  CHECK(read("1::One, the (1995)::A|B c\n2::Two::B c\n3::No::\n") == expected);
  CHECK(read("filename,tags\nposters/1.jpg,\"A, B c\"\n2.png,B c\n3.webp,\n") == expected);
  CHECK(read("nr,what\n1,A B\n2,B\n", [] {
          ReadTagsOptions options = with_format(TagsFormat::lists);
          options.columns = TagColumns::parse("item=nr,tag=what");
          return options;
        }()) == Rows{"1: A B=1", "2: B=1"});
  CHECK(read("id,genres,tags\n1,\"A, B\",a|b\n2,Unknown,c\n") ==
        Rows{"1: A=1 B=1 a=1 b=1", "2: c=1"});
  CHECK(read("id,genres\n1,A|A|B\n") == Rows{"1: A=1 B=1"});
  CHECK(read("id\tgenres\n1\t[{'id': 16, 'name': 'A, x'}, {'id': 3, 'name': 'B'}]\n2\t[]\n") ==
        Rows{"1: A, x=1 B=1", "2:"});
  CHECK(read("id\tgenres\n1\t['A, x', \"B\"]\n2\t{A,C}\n") == Rows{"1: A, x=1 B=1", "2: A=1 C=1"});
  CHECK(read("item_id:token\tgenre:token_seq\n1\tA B\n2\tB\n") == Rows{"1: A=1 B=1", "2: B=1"});
  CHECK(read("id,tag_string\n1,long_hair o_o\n") == Rows{"1: long hair=1 o_o=1"});
  CHECK(read("id,genres\n1,A / B\n2,-\n") == Rows{"1: A=1 B=1", "2:"});
  CHECK(read("movieId,tag\n1,\"A, B\"\n2,A\n") == Rows{"1: A=1 B=1", "2: A=1"});
  CHECK_THAT(message("label,genres\nX,\"A, B\"\n"), Contains("no column is known to be the item"));
  CHECK(summary.duplicates == 0);
  // A column of numbers with such a name is one of a table.
  CHECK(read("item,genre,sky\n1,0,1\n2,1,0.5\n") == Rows{"1: sky=1", "2: genre=1 sky=0.5"});
}

TEST_CASE("tags without weights weigh 1, or what share of people gave them", "[tag_forms]") {
  CHECK(read("item,tag\n1,sky\n1,sea\n2,sky\n") == Rows{"1: sky=1 sea=1", "2: sky=1"});
  CHECK_THAT(summary.guess, Contains("no weights, so they are 1"));
  CHECK(read("1,sky\n1,sea\n2,sky\n") == Rows{"1: sky=1 sea=1", "2: sky=1"});
  CHECK_THAT(summary.guess, Contains("no header"));
  CHECK(read("userId,movieId,tag,timestamp\n7,1,sky,1\n7,1,sea,2\n8,1,sky,3\n8,1,sky,4\n9,1,a b,5\n"
             "9,1,a_b,6\n7,2,sea,7\n") ==
        Rows{"1: sky=0.666667 sea=0.333333 a b=0.333333", "2: sea=1"});
  CHECK_THAT(message("item,tag,weight\n1,sky,0,5\n"), Contains("t:2: more fields than the 3"));
  CHECK(read("item;tag;weight\n1;sky;0,5\n") == Rows{"1: sky=0.5"});
  CHECK_THAT(message("item,tag\n1,sky\n1\n"), Contains("t:3: missing column"));
  CHECK_THAT(message("item,tag\n1,\n"), Contains("t:2: an empty tag"));
}

TEST_CASE("of a table's columns those are tags that can be", "[tag_forms]") {
  CHECK(
      read(
          "anime_id,name,members,Action,Drama,Sea\n1,One,68,True,False,0.5\n2,Two,9,False,1,0\n") ==
      Rows{"1: Action=1 Sea=0.5", "2: Drama=1"});
  CHECK_THAT(summary.guess, Contains("no tags are \"name\", \"members\""));
  CHECK(read(",anime_id,Action\n0,7,1\n1,8,0\n") == Rows{"7: Action=1", "8:"});
  CHECK(read("id,score,episodes,Action\n1,0.8,1,yes\n2,0.7,1,no\n") == Rows{"1: Action=1", "2:"});
  CHECK_THAT(message("userId,movieId,rating,timestamp\n1,2,1,3\n"),
             Contains("no column holds weights of a tag"));
  CHECK_THAT(message("anime_id,name,members\n1,One,68\n2,Two,9\n"),
             Contains("no column holds weights of a tag"));
}

TEST_CASE("ranks to 100 become weights, other numbers above 1 do not", "[tag_forms]") {
  CHECK(read("media_id,tag,rank\n1,sky,94\n1,sea,1\n2,sky,100\n") ==
        Rows{"1: sky=0.94 sea=0.01", "2: sky=1"});
  CHECK_THAT(summary.guess, Contains("taken for 0 to 100"));
  CHECK(read("item,tag,weight\n1,sky,94\n1,sea,62\n2,sky,30\n") ==
        Rows{"1: sky=0.94 sea=0.62", "2: sky=0.3"});
  CHECK(read("item,tag,rank\n1,sky,0.5\n") == Rows{"1: sky=0.5"});
  CHECK_THAT(message("item,tag,weight\n1,sky,3\n1,sea,4\n"), Contains("t:2: found \"3\""));
  CHECK_THAT(message("item,tag,rank\n1,sky,94\n1,sea,101\n"), Contains("t:3: found \"101\""));
}

TEST_CASE("counts become shares of an item's largest", "[tag_forms]") {
  CHECK(read("goodreads_book_id,tag_id,count\n1,30574,200\n1,11305,50\n2,30574,3\n2,7,0\n") ==
        Rows{"1: 30574=1 11305=0.25", "2: 30574=1"});
  CHECK_THAT(summary.guess, Contains("weights are counts"));
  CHECK(read("item,tag,count\n1,sky,0.5\n1,sea,1\n") == Rows{"1: sky=0.5 sea=1"});
  CHECK_THAT(message("item,tag,count\n1,sky,7\n1,sea,many\n"), Contains("expected a count"));
  CHECK(read("movieId,tagId,relevance\n1,7,0.5\n") == Rows{"1: 7=0.5"});
}

TEST_CASE("JSON has items with their tags at any depth", "[tag_forms]") {
  const Rows expected = {"1: sky=0.5 long hair=1", "2: sky=1"};
  CHECK(read("{\"item\":\"1\",\"tags\":{\"sky\":0.5,\"long_hair\":1}}\n{\"item\":2,\"tags\":"
             "[\"sky\"]}\n") == expected);
  CHECK(read("[{\"id\":1,\"tags\":[{\"name\":\"sky\",\"rank\":50},{\"name\":\"long hair\"}]},\n"
             "{\"id\":2,\"genres\":[\"sky\"]}]") == expected);
  CHECK_THAT(summary.guess, Contains("ranks from 0 to 100"));
  CHECK(read("{\"data\":{\"Page\":{\"media\":[{\"id\":1,\"tags\":[{\"name\":\"sky\",\"score\":0.5},"
             "{\"name\":\"long hair\"}]},{\"id\":2,\"tags\":[\"sky\"]}]}}}") == expected);
  CHECK(read("{\"file\":\"p/1.jpg\",\"tags\":{\"general\":{\"sky\":0.5},\"x\":{\"long_hair\":1}}}\n"
             "{\"file\":\"p/2.jpg\",\"tags\":{\"general\":{\"sky\":1}}}\n") == expected);
  CHECK(read("{\"1.jpg\":{\"sky\":0.5,\"long hair\":1},\n\"2.png\":[\"sky\"]}") == expected);
  CHECK(read("{\"1\":[\"sky\",\"sea\"],\"2\":[\"sky\"]}") == Rows{"1: sky=1 sea=1", "2: sky=1"});
  CHECK(read("{\"id\":1,\"tags\":\"sky, sea\"}\n") == Rows{"1: sky=1 sea=1"});
  CHECK_THAT(message("{\"item\":1,\"tags\":{\"sky\":1.5}}\n"), Contains("t:1: found \"1.5\""));
  CHECK_THAT(message("{\"item\":1,\"tags\":[\"sky\"]}\n{\"title\":2}\n"),
             Contains("t:2: no item and"));
  CHECK_THAT(message("{\"title\":1}\n"), Contains("without an item and its tags"));
  CHECK(read("{\"item\":2}\n{\"item\":1,\"tags\":[\"sky\"]}\n") == Rows{"1: sky=1"});
  CHECK_THAT(message("{\"item\":1,\"tags\":[\"sky\"}"), Contains("JSON that cannot be read"));
}

TEST_CASE("what taggers write is read", "[tag_forms]") {
  CHECK(read("Tags of 1.jpg:\n(0.972) long_hair\n(0.5) o_o\n\nTags of 2.png:\n(1.0) sky\n") ==
        Rows{"1: long hair=0.972 o_o=0.5", "2: sky=1"});
  CHECK_THAT(message("Tags of 1.jpg:\nsky\n"), Contains("t:2: found \"sky\" among the tags"));
  const TemporaryFolder folder;
  folder.write("1.txt", "long hair, sky, :d, \\(o\\), \n");
  std::filesystem::create_directory(folder.path("10_more"));
  folder.write("10_more/3.jpg.txt", "(sky:1.2), sea: 0.5\n");
  folder.write("2.txt", "sky\n");
  folder.write("2.jpg", "\xff\xd8\xff a picture");
  CHECK(tag_rows(read_tags(folder.path(""), {}, summary)) ==
        Rows{"1: long hair=1 sky=1 :d=1 (o)=1", "3: sky=1 sea=0.5", "2: sky=1"});
}

TEST_CASE("tags that differ in underscores alone are one", "[tag_forms]") {
  CHECK(read("1,long_hair,0.5\n2,long hair,1\n") == Rows{"1: long_hair=0.5", "2: long_hair=1"});
  CHECK(read("1,long_hair,0.5\n1,long hair,1\n") == Rows{"1: long_hair=1"});
  CHECK(summary.duplicates == 1);
}

TEST_CASE("columns of tags can be chosen", "[tag_forms]") {
  ReadTagsOptions options;
  options.columns = TagColumns::parse("item=3,tag=label,weight=w");
  CHECK(read("w,label,nr\n0.5,sky,1\n", options) == Rows{"1: sky=0.5"});
  options.columns = TagColumns::parse("item=1,tag=2");
  CHECK(read("1,blue\n1,red\n2,blue\n", options) == Rows{"1: blue=1 red=1", "2: blue=1"});
  CHECK(read("item,tag\n1,blue\n", options) == Rows{"1: blue=1"});
  options.columns = TagColumns::parse("item=1,tag=2,weight=3");
  CHECK(read("1,blue,0.5\n2,red,1\n", options) == Rows{"1: blue=0.5", "2: red=1"});
  options.columns = TagColumns::parse("item=nr,tag=label");
  CHECK(read("when,label,nr\n7,sky,1\n", options) == Rows{"1: sky=1"});
  CHECK_THAT(message("a,b,c\n1,2,3\n", options), Contains("no column is called \"nr\""));
  CHECK(error_of([] { TagColumns::parse("item=1,item=2"); }).kind() == ErrorKind::usage);
  CHECK(error_of([] { TagColumns::parse("user=1"); }).kind() == ErrorKind::usage);
}

TEST_CASE("names that nobody knows are no tags", "[tag_forms]") {
  CHECK_THAT(message("nr,label,share\n1,sky,0.5\n2,sea,1\n"),
             Contains("\"nr\", \"label\", \"share\"") && Contains("when split at commas"));
  CHECK_THAT(message("nr,label\n1,sky\n2,sea\n"), Contains("\"nr\", \"label\""));
  CHECK_THAT(message("anime_id,label,share\n1,sky,0.5\n1,sea,1\n"),
             Contains("items have several rows"));
}

TEST_CASE("the item of titles is the column whose ids are rated", "[tag_forms]") {
  const TemporaryFolder folder;
  IdIndex rated;
  rated.insert("70");
  rated.insert("80");
  const auto titles = [&](const std::string& content, ReadWorksOptions options = {}) {
    options.rated = &rated;
    ReadWorksSummary read;
    const Works works = read_works(folder.write("w", content), options, read);
    Rows rows;
    for (std::uint32_t k = 0; k < works.items.size(); ++k) {
      rows.push_back(std::string(works.items[k]) + '=' + works.titles[k]);
    }
    return rows;
  };
  CHECK(titles("id,book_id,work_id,title\n1,70,9,\"A, b\"\n2,80,8,C\n") == Rows{"70=A, b", "80=C"});
  CHECK(titles("id,book_id,work_id,title\n70,1,9,A\n80,2,8,C\n") == Rows{"70=A", "80=C"});
  CHECK(titles("id,book_id,title\n5,1,A\n6,2,C\n") == Rows{"1=A", "2=C"});
  CHECK(titles("id\tname\n70\tThe \"A\"\n80\t\"B\" b\n") == Rows{"70=The \"A\"", "80=\"B\" b"});
  CHECK(titles("nr,label\n70,A\n", {.columns = WorkColumns::parse("item=nr,title=label")}) ==
        Rows{"70=A"});
  CHECK(titles("70,\"A\nb\"\n80,C\n") == Rows{"70=A\nb", "80=C"});
  CHECK(titles("nr,label\n70,A\n") == Rows{"70=A"});
  CHECK(titles("{\"id\":70,\"title\":\"A\",\"type\":\"TV\"}\n{\"id\":80,\"title\":\"C\"}\n") ==
        Rows{"70=A", "80=C"});
  CHECK(titles("{\"data\":[{\"id\":1,\"anime_id\":70,\n\"title\":{\"romaji\":\"A\",\"native\":"
               "\"B\"}}]}") == Rows{"70=A"});
  CHECK_THAT(error_of([&] { titles("{\"id\":70}\n"); }).what(),
             Contains("w:1: JSON without an item and its title"));
  CHECK_THAT(error_of([&] { titles("a,b\n", {.columns = WorkColumns::parse("item=nr")}); }).what(),
             Contains("no column is called \"nr\""));
}

TEST_CASE("a word among numbers is the header of a list", "[tag_forms]") {
  const TemporaryFolder folder;
  IdIndex known;
  known.insert("7");
  const auto ids = [&](const std::string& content, const std::string& column = {}) {
    return read_user_ids(folder.write("ids", content), {.column = column, .known = &known}).ids;
  };
  CHECK(ids("7\n8\n") == Rows{"7", "8"});
  CHECK(ids("member\n7\n") == Rows{"7"});
  CHECK(ids("user_id,x\n7,1\n") == Rows{"7"});
  CHECK(ids("x,member\n1,7\n", "member") == Rows{"7"});
  CHECK(ids("x,member\n1,7\n", "2") == Rows{"7"});
  CHECK_THAT(error_of([&] { ids("x,member\n1,7\n"); }).what(),
             Contains("\"x\", \"member\"") && Contains("--users-column"));
  known.insert("ann");
  CHECK(ids("member\n7\n") == Rows{"member", "7"});
}

}  // namespace tag_forms_test
