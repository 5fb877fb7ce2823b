"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const told = (value, unit) => `${String(value).replace(".", data.decimal)} ${unit}`;
  const drawn = [];

  function draw() {
    drawn.splice(0).forEach((chart) => chart.destroy());
    for (const { key, unit, lines } of data.charts) {
      const axis = { grid: { color: style("--edge") }, ticks: { color: style("--soft") } };
      drawn.push(new Chart(document.getElementById(`chart-${key}`), {
        type: "line",
        data: {
          labels: data.labels,
          datasets: lines.map((line, place) => ({
            label: line.name, data: line.values, spanGaps: false, pointRadius: 3,
            borderWidth: place === 0 ? 3 : 1.5, borderDash: place === 0 ? [] : [6, 2 * place],
            borderColor: style(`--line${place}`), backgroundColor: style(`--line${place}`),
          })),
        },
        options: {
          animation: false, responsive: true, maintainAspectRatio: false,
          interaction: { mode: "index", intersect: false },
          scales: {
            x: axis,
            y: { ...axis, beginAtZero: true, suggestedMax: unit === "%" ? 100 : undefined,
              ticks: { ...axis.ticks, callback: (value) => told(value, unit) } },
          },
          plugins: {
            legend: { display: lines.length > 1, labels: { color: style("--ink"), boxHeight: 1 } },
            tooltip: { callbacks: { label: (at) => `${at.dataset.label}: ${told(at.parsed.y, unit)}` } },
          },
        },
      }));
    }
  }

  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
