// Draws each table that a .chart names as grouped bars above it. The table stays: it is the figure, the chart its picture.
"use strict";
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
for (const place of document.querySelectorAll(".chart[data-table]")) {
  const table = document.getElementById(place.dataset.table);
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const number = (text) => (text === "–" ? null : Number(text.replace(",", ".")));
  place.hidden = false;
  const chart = echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    color: [colour("--water"), colour("--high"), colour("--low"), colour("--medium")],
    textStyle: { color: colour("--ink"), fontFamily: getComputedStyle(document.body).fontFamily },
    legend: { textStyle: { color: colour("--ink") }, top: 0, type: "scroll" },
    tooltip: { trigger: "axis" },
    grid: { left: 8, right: 8, bottom: 8, top: 40, containLabel: true },
    xAxis: { type: "category", data: rows.map((row) => row[0]), axisLabel: { color: colour("--ink"), hideOverlap: true } },
    yAxis: { type: "value", axisLabel: { color: colour("--ink") } },
    series: heads.flatMap((head, index) => (index === 0 || head.dataset.chart === "no" ? [] : [
      { name: head.textContent.trim(), type: "bar", data: rows.map((row) => number(row[index])) }])),
  });
  new ResizeObserver(() => chart.resize()).observe(place);
}
