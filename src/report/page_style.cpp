#include <string>

#include "page.hpp"
#include "palette.hpp"

namespace balse::report {
namespace {

std::string variables(bool dark) {
  std::string text;
  for (const Colour& colour : all_colours()) {
    text +=
        std::string(colour.variable) + ":" + std::string(dark ? colour.dark : colour.light) + ";";
  }
  return text + (dark ? "--card:#1c2026;--link:#7cbcff;--warn:#3a2d12;color-scheme:dark"
                      : "--card:#f6f7f9;--link:#0a58a6;--warn:#fff3d6;color-scheme:light");
}

constexpr const char* kRules = R"(*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0 auto;padding:1.5rem clamp(1rem,3vw,2.5rem) 3rem;max-width:78rem;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:break-word}
h1{font-size:clamp(1.5rem,1.1rem + 1.8vw,2.3rem);line-height:1.2;margin:.5rem 0 .75rem;letter-spacing:-.01em}
h2{font-size:1.4rem;line-height:1.25;margin:3rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--grid)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
p{margin:.5rem 0;max-width:72ch}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.lead{font-size:1.1rem}
.note,small,.files{color:var(--faint);font-size:.875rem}
.problem{background:var(--warn);padding:.75rem 1rem;border-radius:.4rem}
.findings{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,15rem),1fr));gap:.75rem;margin:1.25rem 0}
.findings>div{background:var(--card);border:1px solid var(--grid);border-radius:.5rem;padding:.75rem 1rem}
.findings dt{color:var(--faint);font-size:.875rem}
.findings dd{margin:0;font-size:1.25rem}
.findings dd span{font-size:1rem;white-space:nowrap;font-variant-numeric:tabular-nums}
.findings small{display:block;font-size:.8125rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem .35rem;margin:1rem 0 0;padding:0}
nav a{display:block;padding:.3rem .65rem;border:1px solid var(--grid);border-radius:1rem;text-decoration:none;font-size:.9rem}
nav a:hover{background:var(--card)}
.figures{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1.25rem;align-items:start;margin:1rem 0}
figure{margin:0;min-width:0;border:1px solid var(--grid);border-radius:.5rem;padding:.75rem;background:var(--paper)}
figure svg{display:block;width:100%;height:auto;max-width:31rem;margin:0 auto}
figure:has(table){grid-column:1/-1}
figcaption{margin-top:.6rem;font-size:.9rem;line-height:1.45}
.files{white-space:nowrap}
.files a{margin-right:.35rem}
.scroll,pre{overflow-x:auto;max-width:100%}
.scroll{margin:1rem 0}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.25rem 0 .4rem}
caption span{display:inline-block;position:sticky;left:0;max-width:min(72ch,calc(100vw - 2.5rem))}
th,td{padding:.32rem .7rem;text-align:right;vertical-align:top;border-bottom:1px solid var(--grid);white-space:nowrap}
thead th{border-bottom:2px solid var(--faint);vertical-align:bottom;font-weight:600}
th:first-child{text-align:left;padding-left:.25rem}
tbody th{font-weight:400;position:sticky;left:0;background:var(--paper);white-space:normal}
tbody th>span{display:block;width:max-content;max-width:14rem;overflow-wrap:break-word}
tbody tr:hover>*{background:var(--card)}
.words th,.words td{text-align:left}
.words td{white-space:normal;overflow-wrap:anywhere;min-width:12rem}
.pairs :is(th,td):nth-child(2){text-align:left}
td small{display:block;font-size:.78rem}
.best{font-weight:700}
.mark{display:inline-block;width:1rem;padding-left:.2rem;text-align:left}
.m small{margin-right:1rem}
pre{background:var(--card);border:1px solid var(--grid);border-radius:.4rem;padding:.75rem 1rem;font-size:.85rem;line-height:1.5;max-height:30rem;overflow-y:auto}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
details{margin:.75rem 0}
summary{cursor:pointer;font-weight:600;padding:.25rem 0}
.posters{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,10.5rem),1fr));gap:1rem;margin:1rem 0}
.posters img{display:block;width:100%;max-height:18rem;object-fit:contain;border-radius:.3rem;background:var(--card)}
.posters ul{list-style:none;margin:.4rem 0 0;padding:0;font-size:.85rem}
.posters li{display:flex;justify-content:space-between;gap:.5rem}
.posters li span:first-child{min-width:0;overflow-wrap:anywhere}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--grid);font-size:.9rem}
@media (max-width:45rem){.figures{grid-template-columns:minmax(0,1fr)}}
@media (max-width:40rem){th,td{padding:.3rem .5rem}tbody th>span{max-width:8.5rem}figure{padding:.4rem;border-radius:.3rem}}
@media print{
@page{margin:14mm}
html{font-size:9.5pt}
body{max-width:none;padding:0}
.findings{grid-template-columns:repeat(auto-fit,minmax(11rem,1fr))}
nav{display:none}
h2{break-after:avoid}
figure,.findings>div,tr{break-inside:avoid}
.figures{grid-template-columns:1fr 1fr;gap:.6rem}
.scroll,pre{overflow:visible;max-height:none}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
table{font-size:7pt;max-width:100%}
th,td{padding:.1rem .25rem;white-space:normal;min-width:0}
.words td{min-width:0}
td small{font-size:5.5pt}
tbody th{position:static}
tbody th>span{width:auto}
details::details-content{content-visibility:visible;block-size:auto;height:auto}
a{color:inherit}
.files{display:none}
}
)";

}  // namespace

std::string page_style() {
  // Paper is white whatever the screen is.
  return ":root{" + variables(false) + "}\n@media screen and (prefers-color-scheme:dark){:root{" +
         variables(true) + "}}\n" + kRules;
}

}  // namespace balse::report
