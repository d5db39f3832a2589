/**
 * How plotly draws every figure, in pages and in notebooks. The toolbar has these buttons and no others: plotly's own list
 * has "Share chart", which uploads the figure, and a figure's layout may add to that list but not to this one.
 */
export const plotConfig = {
  responsive: true,
  displaylogo: false,
  displayModeBar: "hover",
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
  showSendToCloud: false,
  plotlyServerURL: "",
} as const;
