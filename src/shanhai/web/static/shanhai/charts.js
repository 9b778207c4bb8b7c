// Charts of the portal. ECharts loads when a chart comes near the screen; data comes from json_script blocks.
(() => {
  "use strict";
  const library = document.currentScript.dataset.echarts;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const narrow = () => window.innerWidth < 768;
  let loading = null;

  const load = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = library;
      script.onload = () => resolve(window.echarts);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  const base = (data) => ({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--ink-soft") },
    aria: { enabled: true, label: { description: data.words.title } },
    tooltip: { confine: true, borderColor: token("--line"), textStyle: { color: token("--ink"), fontSize: 13 } },
  });

  const hatch = (color) => ({ symbol: "rect", symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color });

  /** Bars of the lower lane: one row a figure, its length is time. */
  const lane = (echarts, data) => (params, api) => {
    const [from, to, row] = [api.value(0), api.value(1), api.value(2)];
    const left = api.coord([from - 0.5, row]), right = api.coord([to + 0.5, row]);
    const height = 20;
    const shape = { x: left[0], y: left[1] - height / 2, width: right[0] - left[0], height, r: 4 };
    const found = data.periods[params.dataIndex];
    const text = `${found.period}  ${found.value} ${data.words.unit}`;
    const roomy = shape.x > 190;
    const inside = shape.width > (narrow() ? 130 : 170);
    return {
      type: "group",
      children: [
        { type: "rect", shape, style: { fill: found.social ? token("--amber-line") : token("--blue") } },
        {
          type: "text",
          style: {
            text, fontSize: 12, fontWeight: 600, fontFamily: getComputedStyle(document.body).fontFamily, verticalAlign: "middle",
            x: inside ? shape.x + 8 : roomy ? shape.x - 6 : shape.x + shape.width + 6, y: left[1], align: inside || !roomy ? "left" : "right",
            fill: inside && !found.social ? "#fff" : token("--ink"),
          },
        },
      ],
    };
  };

  const spine = (echarts, data) => {
    const years = data.years.map(String), words = data.words;
    const of = (kind) => data.singles.filter((one) => one.kind === kind && one.value !== null);
    const at = (one) => [String(one.year), one.value];
    const gaps = data.singles.filter((one) => one.value === null);
    const left = narrow() ? 36 : 52, rows = data.periods.length, top = narrow() ? 104 : 62;
    const label = (align) => ({ show: true, position: "top", color: token("--ink"), fontWeight: 600, fontSize: 11, formatter: (p) => p.value[1], ...(narrow() ? { rotate: 90, align: "left", verticalAlign: "middle", distance: 8 } : { align }) });
    const note = (p) => { const one = data.singles.find((s) => String(s.year) === p.value[0] && s.value === p.value[1]); return `${one.year} · ${one.label}<br><b>${one.value} ${words.unit}</b><br>${one.note}`; };
    const bar = (name, rowsOf, style, align) => ({ name, type: "bar", data: rowsOf.map(at), barMaxWidth: 26, barMinWidth: 7, barGap: "8%", itemStyle: style, label: label(align), tooltip: { formatter: note } });
    return {
      ...base(data),
      legend: { top: 0, left: 0, itemGap: 14, textStyle: { color: token("--ink-soft") }, data: [words.year, words.part, words.fiscal, words.social] },
      grid: [{ left, right: 16, top, height: 170 }, { left, right: 16, top: top + 216, height: rows * 25 }],
      xAxis: [
        { gridIndex: 0, type: "category", data: years, axisTick: { show: false }, axisLabel: { interval: narrow() ? 6 : 2 } },
        { gridIndex: 1, type: "value", min: data.years[0] - 0.5, max: data.years.at(-1) + 0.5, axisLabel: { show: false }, splitLine: { show: false }, axisLine: { show: false }, axisTick: { show: false } },
      ],
      yAxis: [
        { gridIndex: 0, type: "value", name: words.unit, nameTextStyle: { align: "right" }, splitNumber: 3, splitLine: { lineStyle: { color: token("--line") } } },
        { gridIndex: 1, type: "value", min: -0.7, max: rows - 0.3, inverse: true, show: false },
      ],
      series: [
        bar(words.year, of("year"), { color: token("--red") }, "right"),
        bar(words.part, of("part_year"), { color: "#fff", borderColor: token("--red"), borderWidth: 1.5, decal: hatch(token("--red")) }, "left"),
        {
          name: words.unknown, type: "scatter", symbolSize: 1, itemStyle: { color: "transparent" }, silent: true,
          data: gaps.map((one) => [String(one.year), 0]),
          label: { show: true, position: "top", formatter: "—", color: token("--ink-soft"), fontWeight: 700 },
          markArea: { silent: true, label: { show: false }, itemStyle: { color: token("--line"), opacity: 0.35 }, data: gaps.map((one) => [{ xAxis: String(one.year) }, { xAxis: String(one.year) }]) },
        },
        {
          name: words.fiscal, type: "custom", xAxisIndex: 1, yAxisIndex: 1, renderItem: lane(echarts, data), itemStyle: { color: token("--blue") },
          data: data.periods.map((one, row) => [one.from, one.to, row]), encode: { x: [0, 1], y: 2 },
          tooltip: { formatter: (p) => { const one = data.periods[p.dataIndex]; return `${one.period} · ${one.social ? words.social : words.fiscal}<br><b>${one.value} ${words.unit}</b><br>${one.publisher}`; } },
        },
        {
          name: words.none, type: "line", data: [], silent: true,
          markArea: { silent: true, itemStyle: { color: token("--ground") }, label: { position: "inside", color: token("--ink-soft"), formatter: narrow() ? words.few : words.none }, data: [[{ xAxis: years[0] }, { xAxis: "2018" }]] },
        },
        { name: words.social, type: "custom", renderItem: () => null, data: [], itemStyle: { color: token("--amber-line") } },
      ],
    };
  };

  /** The last year as a bar, the years before it as marks along the same row. */
  const aid = (echarts, data) => {
    const last = data.years.length - 1, words = data.words;
    const rows = [...data.rows].sort((a, b) => (a.values[last] ?? -1) - (b.values[last] ?? -1));
    const marks = ["circle", "rect", "triangle", "diamond"];
    const earlier = data.years.slice(0, last).map((year, at) => ({
      name: String(year), type: "scatter", symbol: marks[at], symbolSize: 8, z: 3,
      itemStyle: { color: "#fff", borderColor: token("--ink"), borderWidth: 1.3 },
      data: rows.map((row) => row.values[at]),
    }));
    return {
      ...base(data),
      tooltip: { ...base(data).tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => (value === null || value === undefined ? words.unknown : `${value} ${words.unit}`) },
      legend: { top: 0, left: 0 },
      grid: { left: 8, right: 24, top: 40, bottom: 24, containLabel: true },
      xAxis: { type: "value", name: words.unit, nameLocation: "middle", nameGap: 26, splitLine: { lineStyle: { color: token("--line") } } },
      yAxis: { type: "category", data: rows.map((row) => row.name), axisTick: { show: false } },
      series: [...earlier, { name: String(data.years[last]), type: "bar", barWidth: "58%", itemStyle: { color: token("--red"), borderRadius: [0, 3, 3, 0] }, data: rows.map((row) => row.values[last]) }],
    };
  };

  const KINDS = { spine, aid };

  const draw = async (box) => {
    const echarts = await load();
    const data = JSON.parse(document.getElementById(box.dataset.source).textContent);
    const chart = echarts.init(box, null, { renderer: "svg" });
    const show = () => chart.setOption(KINDS[box.dataset.chart](echarts, data), true);
    show();
    box.dataset.chartReady = "";
    new ResizeObserver(() => { chart.resize(); show(); }).observe(box);
  };

  const near = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      near.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "300px" });
  for (const box of document.querySelectorAll("[data-chart]")) near.observe(box);
})();
