#include "report/escape.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace balse::report;

TEST_CASE("text is no markup in HTML", "[report]") {
  CHECK(escape_html("<b onclick=\"x\">'&") == "&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;");
  CHECK(escape_html("アニメ ± é\n\tx") == "アニメ ± é\n\tx");
  // What is not UTF-8, what a terminal obeys, and marks that turn the order of text.
  CHECK(escape_html("a\xff\x1b[31m") == "a\\xff\\x1b[31m");
  CHECK(escape_html("\u202eabc") == "\\u202eabc");
}

TEST_CASE("text is no command in LaTeX", "[report]") {
  CHECK(escape_latex("100% of $x_1^2 & {a} #1 ~ \\end") ==
        "100\\% of \\$x\\_1\\textasciicircum{}2 \\& \\{a\\} \\#1 \\textasciitilde{} "
        "\\textbackslash{}end");
  // A line break would end a comment.
  CHECK(escape_latex("a\nb").find('\n') == std::string::npos);
}

TEST_CASE("a cell of Markdown ends where the table says", "[report]") {
  CHECK(escape_markdown("a|b `c` *d* <e>") == "a\\|b \\`c\\` \\*d\\* &lt;e>");
}

TEST_CASE("a string of gnuplot ends where it should", "[report]") {
  CHECK(gnuplot_string("it's `rm` \\ \"x\" @y") == "'it’s `rm` \\ \"x\" @y'");
  CHECK(gnuplot_string("a\nset output 'x'").find('\n') == std::string::npos);
  CHECK(gnuplot_string("'x'") == "'’x’'");
  CHECK(gnuplot_tic("top 5%") == "'top 5%%'");
}

TEST_CASE("long names are cut between characters", "[report]") {
  CHECK(shortened("sword", 5) == "sword");
  CHECK(shortened("swords", 5) == "swor…");
  CHECK(shortened("アニメの女の子", 4) == "アニメ…");
  CHECK(character_count("アニメ…") == 4);
}

// The examples of RFC 4648.
TEST_CASE("base64", "[report]") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}
