// Draws the plots of a report from the JSON in the page. No library, no request: what is here is all there is.
(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('series').textContent);
  const SVG = 'http://www.w3.org/2000/svg';
  const figures = [];

  // ---- numbers as people read them

  const milliseconds = ms => ms === null || ms === undefined ? '–'
    : ms < 1 ? `${Math.round(ms * 1000)} µs` : ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms`
    : ms < 10000 ? `${(ms / 1000).toFixed(2)} s` : ms < 120000 ? `${(ms / 1000).toFixed(1)} s`
    : ms < 3600000 ? `${Math.floor(ms / 60000)} min ${Math.floor(ms % 60000 / 1000)} s` : `${Math.floor(ms / 3600000)} h ${Math.floor(ms % 3600000 / 60000)} min`;
  const tickTime = ms => ms < 1 ? `${Math.round(ms * 1000)} µs` : ms < 1000 ? `${Math.round(ms)} ms` : ms < 3600000 ? `${Math.round(ms / 1000).toLocaleString('en-GB')} s` : `${Math.round(ms / 3600000)} h`;
  const plain = value => value === null || value === undefined ? '–'
    : Math.abs(value) >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString('en-GB') : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
  const perSecond = value => value === null ? '–' : `${plain(value)}/s`;
  const bytes = value => value === null || value === undefined ? '–' : value === 0 ? '0'
    : value >= 1e9 ? `${(value / 1e9).toFixed(2)} GB` : value >= 1e6 ? `${(value / 1e6).toFixed(value >= 1e8 ? 0 : 1)} MB` : `${(value / 1e3).toFixed(0)} KB`;
  const tickBytes = value => value === 0 ? '0' : value >= 1e9 ? `${+(value / 1e9).toFixed(2)} GB` : `${+(value / 1e6).toFixed(1)} MB`;
  const two = value => String(value).padStart(2, '0');
  function elapsed(seconds) {
    const sign = seconds < 0 ? '−' : '', whole = Math.abs(Math.round(seconds));
    const h = Math.floor(whole / 3600), m = Math.floor(whole % 3600 / 60), s = whole % 60;
    return h > 0 ? `${sign}${h}:${two(m)}:${two(s)}` : `${sign}${m}:${two(s)}`;
  }
  const clock = seconds => new Date((data.origin + seconds) * 1000).toISOString().slice(11, 19);

  // ---- scales

  function niceStep(span, most, whole) {
    const rough = span / most, power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 2.5, 5, 10].map(factor => factor * power).find(step => step >= rough - 1e-12 && (!whole || step < 1 || Number.isInteger(step)));
  }
  function timeStep(span, most) {
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
    return steps.find(step => span / step <= most) ?? Math.ceil(span / most / 86400) * 86400;
  }
  function linear(most, whole) {
    const step = Math.max(whole ? 1 : 0, niceStep(most || 1, 4, whole)), top = Math.max(step, Math.ceil((most || 1) / step - 1e-9) * step);
    const ticks = [];
    for (let tick = 0; tick <= top + step / 2; tick += step) ticks.push(tick);
    return { ticks, at: value => value / top };
  }
  function logarithmic(least, most) {
    const low = Math.floor(Math.log10(Math.max(least, 0.001))), high = Math.max(low + 1, Math.ceil(Math.log10(most) - 1e-9));
    const ticks = [], minor = [];
    for (let power = low; power <= high; power++) {
      ticks.push(10 ** power);
      for (let n = 2; n < 10 && power < high; n++) minor.push(n * 10 ** power);
    }
    return { ticks, minor, at: value => (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low) };
  }

  // ---- drawing

  function element(parent, name, attributes, text) {
    const node = document.createElementNS(SVG, name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    if (text !== undefined) node.textContent = text;
    parent.append(node);
    return node;
  }
  const from = data.t.length ? data.t[0] : 0;
  const to = data.t.length ? data.t[data.t.length - 1] + data.n[data.n.length - 1] : 1;
  const middle = i => data.t[i] + data.n[i] / 2;
  const round = value => Math.round(value * 10) / 10;

  // Spans that meet are one: ground that is shaded twice would only be darker.
  function joined(spans) {
    const result = [];
    for (const [start, end] of spans.sort((a, b) => a[0] - b[0])) {
      const last = result[result.length - 1];
      if (last && start <= last[1]) last[1] = Math.max(last[1], end); else result.push([start, end]);
    }
    return result;
  }
  const grounds = [
    ['heal', 0, joined(data.faults.filter(fault => fault.well !== null && fault.well > fault.to).map(fault => [Math.max(fault.from, fault.to), fault.well]))],
    ['band', 1.5, joined(data.faults.map(fault => [fault.from, Math.max(fault.from, fault.to)]))],
  ];

  // One frame for all: the same time axis, bands where something was broken, a cursor that all plots share.
  function frame(figure, height, axis, format) {
    const svg = figure.querySelector('svg');
    const width = Math.max(280, figure.clientWidth - (window.innerWidth <= 720 ? 20 : 28));
    const left = figure.dataset.lanes ? Math.min(width * .45, 18 + 6.6 * Math.max(...data.faults.map(fault => fault.kind.length))) : 52, right = 8, bottom = 20, top = 6;
    svg.replaceChildren();
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.setAttribute('height', height);
    const x = seconds => left + (seconds - from) / (to - from || 1) * (width - left - right);
    const y = value => height - bottom - axis.at(value) * (height - bottom - top);
    if (!figure.dataset.lanes) for (const [kind, least, spans] of grounds) for (const [start, end] of spans) {
      const a = x(Math.max(start, from)), b = x(Math.min(end, to));
      element(svg, 'rect', { class: kind, x: round(a), y: top, width: round(Math.max(least, b - a)), height: height - bottom - top });
    }
    for (const tick of axis.minor ?? []) element(svg, 'line', { class: 'grid', x1: left - 3, x2: left, y1: round(y(tick)), y2: round(y(tick)) });
    for (const tick of axis.ticks ?? []) {
      element(svg, 'line', { class: 'grid', x1: left, x2: width - right, y1: round(y(tick)), y2: round(y(tick)) });
      element(svg, 'text', { x: left - 8, y: round(y(tick) + 3.5), 'text-anchor': 'end' }, format(tick));
    }
    const step = timeStep(to - from, Math.max(2, Math.floor((width - left) / 90)));
    for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) {
      element(svg, 'line', { class: 'axis', x1: round(x(tick)), x2: round(x(tick)), y1: height - bottom, y2: height - bottom + 4 });
      element(svg, 'text', { x: round(x(tick)), y: height - 4, 'text-anchor': x(tick) > width - 30 ? 'end' : 'middle' }, elapsed(tick));
    }
    element(svg, 'line', { class: 'axis', x1: left, x2: width - right, y1: height - bottom, y2: height - bottom });
    for (const [at, name] of data.phases) {
      if ((name === 'running' || name === 'draining') && at > from) element(svg, 'line', { class: 'phase', x1: round(x(at)), x2: round(x(at)), y1: top, y2: height - bottom }).append(Object.assign(document.createElementNS(SVG, 'title'), { textContent: name }));
    }
    return { svg, x, y, left, right, top, bottom, width, height, base: height - bottom };
  }

  // A line has gaps where nothing was measured; a lone point between two gaps becomes a dot.
  function path(area, series, step) {
    let text = '', pen = false;
    const dots = [];
    for (let i = 0; i < series.length; i++) {
      const value = series[i];
      if (value === null || value === undefined) { pen = false; continue; }
      const px = round(area.x(middle(i))), py = round(area.y(value));
      if (!pen && (i + 1 >= series.length || series[i + 1] === null)) dots.push([px, py]);
      text += pen && step ? `H${px}V${py}` : `${pen ? 'L' : 'M'}${px} ${py}`;
      pen = true;
    }
    return { text, dots };
  }
  function line(area, series, colour, kind, step) {
    const { text, dots } = path(area, series, step);
    if (text) element(area.svg, 'path', { class: `line ${kind ?? ''}`, style: `--c:var(--${colour})`, d: text });
    for (const [px, py] of dots.length > 300 ? [] : dots) element(area.svg, 'circle', { class: 'dot', style: `--c:var(--${colour})`, cx: px, cy: py, r: 1.3 });
  }
  function areaUnder(area, series, colour, step) {
    let text = '', start = null, last = null;
    series.forEach((value, i) => {
      if (value === null || value === undefined) { if (start !== null) text += `V${area.base}H${start}Z`; start = last = null; return; }
      const px = round(area.x(middle(i))), py = round(area.y(value));
      text += start === null ? `M${px} ${area.base}V${py}` : step ? `H${px}V${py}` : `L${px} ${py}`;
      start ??= px; last = px;
    });
    if (start !== null && last !== null) text += `V${area.base}H${start}Z`;
    if (text) element(area.svg, 'path', { class: 'area', style: `--c:var(--${colour})`, d: text });
  }
  function bars(area, series, colour, most) {
    const height = (area.base - area.top) * .35, width = Math.max(1, area.x(from + data.width) - area.x(from) - .6);
    let text = '';
    series.forEach((value, i) => { if (value) text += `M${round(area.x(data.t[i]))} ${area.base}v${-round(Math.max(1.5, value / most * height))}h${round(width)}V${area.base}z`; });
    if (text) element(area.svg, 'path', { class: 'bar', style: `--c:var(--${colour});opacity:.55`, d: text });
  }

  const least = series => series.reduce((low, value) => value !== null && value > 0 && value < low ? value : low, Infinity);
  const most = (...all) => Math.max(0, ...all.flatMap(series => series.filter(value => value !== null && value !== undefined)));
  // While messages were sent and somebody conducted the run: how long it took to start and to drain, or how long it was dead, is no rate.
  const phaseBefore = seconds => data.phases.findLast(([at]) => at < seconds)?.[1];
  const isSending = data.t.map((start, i) => phaseBefore(start) === 'running' && phaseBefore(start + data.n[i]) === 'running'
    && !data.faults.some(fault => fault.kind === 'coordinator_outage' && fault.from < start + data.n[i] && start < fault.to));
  const rateWhileSending = series => {
    let count = 0, seconds = 0;
    series.forEach((value, i) => { if (isSending[i] && value !== null) { count += value * data.n[i]; seconds += data.n[i]; } });
    return seconds ? `${perSecond(count / seconds)} while sending` : '';
  };
  const mean = series => { const known = series.filter(value => value !== null); return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null; };

  // What each figure shows. `rest` is what its legend says while nobody points at a time.
  const kinds = {
    throughput() {
      const show = perSecond;
      return {
        items: [
          { name: 'meant to send', series: data.intended, colour: 'grey', kind: 'dash', show },
          { name: 'acknowledged', series: data.sent, colour: 'blue', show },
          { name: 'processed', series: data.received, colour: 'teal', show },
        ],
        axis: () => linear(most(data.intended, data.sent, data.received)), format: plain, fill: 'blue', height: 190, rest: rateWhileSending,
      };
    },
    endToEnd: () => latency(data.endToEnd),
    publish: () => latency(data.publish),
    lag: () => ({
      items: [{ name: 'waiting', series: data.lag, colour: 'blue', show: plain }, { name: 'missing', series: data.gaps, colour: 'red', show: plain }],
      axis: () => linear(most(data.lag, data.gaps), true), format: plain, fill: 'blue', height: 160, rest: series => `${plain(most(series))} at most`,
    }),
    workers: () => ({
      items: [
        { name: 'workers', series: data.fewestWorkers, colour: 'blue', show: plain, step: true },
        { name: 'partitions moved', series: data.moved, colour: 'amber', show: plain, bars: true },
      ],
      axis: () => linear(most(data.workers), true), format: plain, height: 160,
      rest: (series, item) => item.bars ? `${plain(series.reduce((sum, value) => sum + value, 0))} in all` : `${plain(Math.min(...series.slice(Math.floor(series.length / 20), Math.ceil(series.length * .9))))} to ${plain(most(series))}`,
    }),
    memory: () => ({
      items: [{ name: 'the harness itself', series: data.memory, colour: 'blue', show: bytes }, { name: 'managed heap', series: data.heap, colour: 'teal', show: bytes }],
      axis: () => { const scale = linear(most(data.memory, data.heap) / 1e6); return { ticks: scale.ticks.map(tick => tick * 1e6), at: value => scale.at(value / 1e6) }; },
      format: tickBytes, fill: 'blue', height: 150, rest: series => `${bytes(most(series))} at most`,
    }),
    cpu: () => ({
      items: [{ name: 'processors used', series: data.cpu, colour: 'violet', show: plain }],
      axis: () => linear(most(data.cpu)), format: plain, fill: 'violet', height: 150, rest: series => `${plain(mean(series))} on average, ${plain(most(series))} at most`,
    }),
  };
  function latency(of) {
    const show = milliseconds;
    return {
      items: [
        { name: 'p50', series: of.p50, colour: 'teal', show }, { name: 'p90', series: of.p90, colour: 'blue', show },
        { name: 'p99', series: of.p99, colour: 'amber', show }, { name: 'max', series: of.max, colour: 'red', kind: 'thin', show },
      ],
      axis: () => logarithmic(least(of.p50), most(of.max)), format: tickTime, height: 220, rest: (series, item) => item.name === 'max' ? milliseconds(most(series)) : '',
    };
  }

  function draw(figure) {
    const kind = figure.dataset.plot;
    if (kind === 'heat') return drawHeat(figure);
    if (kind === 'faults') return drawLanes(figure);
    const spec = kinds[kind]();
    if (!spec.items.some(item => item.series.some(value => value !== null))) return nothing(figure);
    const area = frame(figure, spec.height, spec.axis(), spec.format);
    for (const item of spec.items.filter(item => item.bars)) bars(area, item.series, item.colour, most(item.series) || 1);
    if (spec.fill) areaUnder(area, spec.items.find(item => item.colour === spec.fill).series, spec.fill);
    for (const item of spec.items.filter(item => !item.bars).reverse()) line(area, item.series, item.colour, item.kind, item.step);
    finish(figure, area, spec.items, spec.rest);
  }

  function drawHeat(figure) {
    let low = Infinity, high = -Infinity, top = 1;
    for (const cells of data.heat) for (let i = 0; i < cells.length; i += 2) { low = Math.min(low, cells[i]); high = Math.max(high, cells[i]); top = Math.max(top, cells[i + 1]); }
    if (!Number.isFinite(low)) return nothing(figure);
    high = Math.max(high + 1, low + 6);
    const ms = step => 2 ** (step / data.heatSteps) / 1000, ticks = [];
    for (let power = -3; power < 9; power++) if (10 ** power >= ms(low) * .999 && 10 ** power <= ms(high)) ticks.push(10 ** power);
    const area = frame(figure, 220, { ticks, at: value => (Math.log2(value * 1000) * data.heatSteps - low) / (high - low) }, tickTime);
    const paths = ['', '', '', '', '', ''], cell = (area.base - area.top) / (high - low);
    data.heat.forEach((cells, i) => {
      const px = area.x(data.t[i]), width = Math.max(.8, area.x(data.t[i] + data.n[i]) - px);
      for (let j = 0; j < cells.length; j += 2) {
        const level = top === 1 ? 2 : Math.min(5, Math.floor(Math.log(cells[j + 1]) / Math.log(top) * 5.999));
        paths[level] += `M${round(px)} ${round(area.y(ms(cells[j])) - cell)}h${round(width)}v${round(cell)}h${-round(width)}z`;
      }
    });
    paths.forEach((text, level) => text && element(area.svg, 'path', { class: `h${level + 1}`, d: text }));
    figure.querySelector('.legend').innerHTML = `<span>messages in a cell</span>${[1, 2, 3, 4, 5, 6].map(level => `<span><i class="box" style="--c:var(--h${level})"></i>${level === 1 ? '1' : level === 6 ? plain(top) : ''}</span>`).join('')}`;
    const counts = data.heat.map(cells => { let sum = 0; for (let i = 1; i < cells.length; i += 2) sum += cells[i]; return sum; });
    finish(figure, area, [{ name: 'messages', series: counts, show: plain, silent: true }]);
  }

  function drawLanes(figure) {
    const names = [...new Set(data.faults.map(fault => fault.kind))];
    const lane = 20, area = frame(figure, names.length * lane + 28, { at: () => 0 }, plain);
    names.forEach((name, row) => {
      const y = area.top + row * lane;
      element(area.svg, 'line', { class: 'grid', x1: area.left, x2: area.width - area.right, y1: y + lane - .5, y2: y + lane - .5 });
      element(area.svg, 'text', { class: 'lane-name', x: area.left - 10, y: y + 14, 'text-anchor': 'end' }, name);
      for (const fault of data.faults.filter(fault => fault.kind === name)) {
        const a = area.x(fault.from), b = Math.max(a + 3, area.x(Math.min(to, fault.to)));
        if (fault.well !== null) element(area.svg, 'rect', { class: 'lane heal', x: round(b), y: y + 5, width: round(Math.max(0, area.x(Math.min(to, fault.well)) - b)), height: lane - 10 });
        const bar = element(area.svg, 'rect', { class: fault.bit ? 'lane' : 'lane missed', x: round(a), y: y + 4, width: round(b - a), height: lane - 8, rx: 1.5 });
        element(bar, 'title', {}, `${fault.what} at ${elapsed(fault.from)}`);
      }
    });
    finish(figure, area, []);
  }

  function nothing(figure) {
    figure.querySelector('svg').remove();
    const note = document.createElement('div');
    note.className = 'empty';
    note.textContent = figure.dataset.empty ?? 'Nothing was recorded.';
    figure.append(note);
  }

  function finish(figure, area, items, rest) {
    const legend = figure.querySelector('.legend'), when = figure.querySelector('.when');
    const cursor = element(area.svg, 'line', { class: 'cursor', y1: area.top, y2: area.base, visibility: 'hidden' });
    const spans = items.filter(item => !item.silent).map(item => {
      const span = document.createElement('span');
      span.innerHTML = `<i class="${item.bars ? 'box' : ''}" style="--c:var(--${item.colour})"></i>${item.name} <b></b>`;
      return { value: span.querySelector('b'), span, item };
    });
    if (spans.length) legend.replaceChildren(...spans.map(entry => entry.span));
    const entry = {
      figure, area,
      point(i) {
        cursor.setAttribute('visibility', i === null ? 'hidden' : 'visible');
        if (i !== null) { const px = round(area.x(middle(i))); cursor.setAttribute('x1', px); cursor.setAttribute('x2', px); }
        for (const { value, item } of spans) value.textContent = i === null ? (rest ? rest(item.series, item) : '') : item.show(item.series[i]);
        when.textContent = i === null ? '' : describe(i) + (items[0]?.silent ? ` · ${plain(items[0].series[i])} messages` : '');
      },
    };
    entry.point(null);
    const old = figures.findIndex(other => other.figure === figure);
    if (old >= 0) figures[old] = entry; else { figures.push(entry); listen(figure); }
  }

  // ---- pointing at a time

  function describe(i) {
    const start = data.t[i], end = start + data.n[i];
    const broken = [...new Set(data.faults.filter(fault => fault.from < end && Math.max(fault.to, fault.from + .001) > start).map(fault => fault.what))];
    return `${clock(start)} · ${elapsed(start)}${broken.length ? ` · ${broken.slice(0, 2).join(', ')}${broken.length > 2 ? ` and ${broken.length - 2} more` : ''}` : ''}`;
  }
  let pointed = null;
  function point(i) { pointed = i; for (const entry of figures) entry.point(i); }
  function listen(figure) {
    const svg = figure.querySelector('svg');
    const areaOf = () => figures.find(entry => entry.figure === figure).area;
    svg.addEventListener('pointermove', event => {
      const area = areaOf(), box = svg.getBoundingClientRect();
      const seconds = from + ((event.clientX - box.left) / box.width * area.width - area.left) / (area.width - area.left - area.right) * (to - from);
      let low = 0, high = data.t.length - 1;
      while (low < high) { const half = (low + high + 1) >> 1; if (data.t[half] <= seconds) low = half; else high = half - 1; }
      point(low);
    });
    svg.addEventListener('pointerleave', () => point(null));
    figure.tabIndex = 0;
    figure.addEventListener('keydown', event => {
      const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
      if (move) { event.preventDefault(); point(Math.max(0, Math.min(data.t.length - 1, (pointed ?? 0) + move))); }
      if (event.key === 'Escape') point(null);
    });
    figure.addEventListener('blur', () => point(null));
  }

  // ---- tables that sort, commands that copy

  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      head.querySelector('button').addEventListener('click', () => {
        const descending = head.getAttribute('aria-sort') ? head.getAttribute('aria-sort') === 'ascending' : head.classList.contains('n');
        heads.forEach(other => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
        const key = row => { const cell = row.cells[column]; return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v); };
        const rows = [...table.tBodies[0].rows].map(row => [key(row), row]);
        rows.sort(([a], [b]) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true })) * (descending ? -1 : 1));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    });
  }
  for (const button of document.querySelectorAll('.command button')) {
    button.addEventListener('click', async () => {
      try { await navigator.clipboard.writeText(button.previousElementSibling.textContent); button.textContent = 'Copied'; }
      catch { getSelection().selectAllChildren(button.previousElementSibling); button.textContent = 'Selected'; }
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
  }

  const all = [...document.querySelectorAll('figure[data-plot]')];
  const drawAll = () => all.filter(figure => figure.querySelector('svg')).forEach(draw);
  drawAll();
  let width = window.innerWidth;
  addEventListener('resize', () => { if (window.innerWidth !== width) { width = window.innerWidth; drawAll(); } });
  addEventListener('beforeprint', () => { for (const detail of document.querySelectorAll('details[data-print]')) detail.open = true; drawAll(); });
})();
