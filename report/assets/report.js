// Replaces each still chart by an interactive one in the page's present colours, and again when
// they change.
(() => {
  'use strict';
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  // As the style sheet has them for the still charts.
  const dashes = [...Array(17).keys()].map(i => {
    const key = document.createElement('i');
    key.className = 's' + i;
    document.body.append(key);
    const dash = getComputedStyle(key).getPropertyValue('--dash').trim();
    key.remove();
    return dash === 'none' ? [] : dash.split(/\s+/).map(Number);
  });
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const lineColour = i => colour('--s' + (i < 16 ? i % 8 : i));
  const number = v =>
    v >= 9999.5 ? Math.round(v).toLocaleString('en').replace(/,/g, ' ') : String(+v.toPrecision(3));

  function whiskers(chart) {
    return u => {
      const c = u.ctx,
        r = devicePixelRatio;
      c.save();
      c.lineWidth = 1.5 * r;
      c.setLineDash([]);
      chart.series.forEach((s, i) => {
        // Side by side, not over each other.
        const aside = (i - (chart.series.length - 1) / 2) * 5 * r;
        c.strokeStyle = lineColour(s.colour);
        c.beginPath();
        for (const [x, lo, hi] of s.whiskers) {
          const px = u.valToPos(x, 'x', true) + aside,
            y0 = u.valToPos(lo, 'y', true),
            y1 = u.valToPos(hi, 'y', true);
          c.moveTo(px, y0);
          c.lineTo(px, y1);
          for (const y of [y0, y1]) {
            c.moveTo(px - 2 * r, y);
            c.lineTo(px + 2 * r, y);
          }
        }
        c.stroke();
      });
      c.restore();
    };
  }

  // Under the lines: the interval along each, and where they cross.
  function shades(chart) {
    return u => {
      const c = u.ctx;
      const x = v => u.valToPos(v, 'x', true),
        y = v => u.valToPos(v, 'y', true);
      c.save();
      for (const mark of chart.marks) {
        const [at, lo, hi] = mark.map(x);
        c.fillStyle = c.strokeStyle = colour('--ink');
        c.globalAlpha = 0.08;
        c.fillRect(lo, u.bbox.top, hi - lo, u.bbox.height);
        c.globalAlpha = 1;
        c.lineWidth = 1.5 * devicePixelRatio;
        c.beginPath();
        c.moveTo(at, u.bbox.top);
        c.lineTo(at, u.bbox.top + u.bbox.height);
        c.stroke();
      }
      c.globalAlpha = 0.13;
      for (const s of chart.series) {
        const places = s.band.map((b, i) => b && [x(chart.x[i]), y(b[0]), y(b[1])]).filter(Boolean);
        c.fillStyle = lineColour(s.colour);
        c.beginPath();
        for (const [px, , hi] of places) c.lineTo(px, hi);
        for (const [px, lo] of places.reverse()) c.lineTo(px, lo);
        c.fill();
      }
      c.restore();
    };
  }

  // x is a count of nines where the chart has neither names nor a unit for it.
  function place(chart, i) {
    const x = chart.x[i];
    if (chart.names.length) return chart.names[i];
    if (chart.xUnit === 's') return `Second ${number(x)}`;
    if (chart.xUnit) return `${number(x)} ${chart.xUnit}`;
    const share = 100 * (1 - 10 ** -x);
    return `${+share.toFixed(x < 2 ? 1 : Math.ceil(x))} % of deliveries within`;
  }

  function tooltip(chart) {
    const tip = document.createElement('div');
    tip.className = 'tip';
    tip.hidden = true;
    return {
      hooks: {
        init: u => u.over.appendChild(tip),
        setCursor: u => {
          const i = u.cursor.idx;
          tip.hidden = i == null || u.cursor.left < 0;
          if (tip.hidden) return;
          const head = document.createElement('b');
          head.textContent = place(chart, i);
          const rows = chart.series
            .map(s => ({ s, y: s.y[i] }))
            .sort((a, b) => (a.y ?? Infinity) - (b.y ?? Infinity))
            .map(({ s, y }) => {
              const row = document.createElement('div'),
                key = document.createElement('span');
              const name = document.createElement('span'),
                value = document.createElement('output');
              key.className = 'key s' + s.colour;
              name.textContent = s.label;
              value.textContent = y == null ? '–' : `${number(y)} ${chart.yUnit}`;
              row.append(key, name, value);
              return row;
            });
          tip.replaceChildren(head, ...rows);
          const { left, top } = u.cursor,
            w = u.over.clientWidth,
            h = u.over.clientHeight;
          const x = left + 14 + tip.offsetWidth > w ? left - 14 - tip.offsetWidth : left + 14;
          tip.style.left = `${Math.max(-40, Math.min(x, w - tip.offsetWidth))}px`;
          tip.style.top = `${Math.max(0, Math.min(top + 14, h - tip.offsetHeight))}px`;
        },
      },
    };
  }

  function options(chart, width) {
    const axis = (ticks, label, size) => ({
      label,
      size,
      labelSize: 24,
      labelGap: 2,
      gap: 6,
      stroke: colour('--soft'),
      font: '12px system-ui, sans-serif',
      labelFont: '12px system-ui, sans-serif',
      grid: { stroke: colour('--rule'), width: 1 },
      ticks: { show: false },
      splits: () => ticks.map(t => t[0]),
      values: () => ticks.map(t => t[1]),
      filter: (u, splits) => splits,
    });
    return {
      width,
      height: height(),
      legend: { show: false },
      padding: [10, 20, 0, 0],
      cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 7 } },
      scales: {
        x: {
          time: false,
          distr: chart.logX ? 3 : 1,
          range: [chart.x[0], chart.x[chart.x.length - 1]],
        },
        y: { distr: chart.log ? 3 : 1, range: chart.yRange },
      },
      axes: [axis(chart.xTicks, chart.xLabel, 30), axis(chart.yTicks, chart.yLabel, 52)],
      series: [
        {},
        ...chart.series.map(s => ({
          label: s.label,
          stroke: lineColour(s.colour),
          width: 2,
          dash: dashes[s.colour],
          spanGaps: chart.sparse,
          points: chart.sparse
            ? { show: true, size: 7, fill: lineColour(s.colour) }
            : { show: false },
        })),
      ],
      hooks: { drawAxes: [shades(chart)], draw: [whiskers(chart)] },
      plugins: [tooltip(chart)],
    };
  }

  const live = [];
  const height = () => (document.documentElement.clientWidth < 480 ? 280 : 360);
  function show(chart) {
    const box = document.querySelector(`[data-chart="${chart.id}"]`);
    // One place is no line: the still chart stays. What is folded is drawn when it is opened.
    if (!box || chart.x.length < 2 || box.classList.contains('live')) return;
    if (box.closest('details:not([open])')) return;
    const plot = new uPlot(
      options(chart, box.clientWidth),
      [chart.x, ...chart.series.map(s => s.y)],
      box,
    );
    plot.box = box;
    box.classList.add('live');
    live.push(plot);
  }
  function fit() {
    for (const plot of live)
      if (plot.box.clientWidth && plot.box.clientWidth !== plot.width)
        plot.setSize({ width: plot.box.clientWidth, height: height() });
  }
  function draw() {
    for (const old of live.splice(0)) {
      old.destroy();
      old.box.classList.remove('live');
    }
    charts.forEach(show);
  }
  draw();
  dark.addEventListener('change', draw);
  addEventListener('resize', fit);
  document.addEventListener(
    'toggle',
    () => {
      charts.forEach(show);
      fit();
    },
    true,
  );
})();
