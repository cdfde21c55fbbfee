/** The page's style: readable without any other file, in light and dark, on a telephone and on paper. */
import { FONT } from '../graph/figure';
import { PALETTE } from './palette';

function variables(scheme: keyof typeof PALETTE): string {
  return Object.entries(PALETTE[scheme]).map(([name, color]) => `--${name}:${color}`).join(';');
}

const TONES = ['error', 'warning', 'info', 'good', 'plain'];

const SCREEN = `
*{box-sizing:border-box}
html{scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:3px}
header,nav ul,footer,main>section{max-width:82rem;margin-inline:auto;padding-inline:clamp(1rem,3vw,2rem)}
header{padding-block:2.5rem 1.25rem}
h1{font-size:clamp(1.6rem,4vw,2.2rem);line-height:1.2;margin:0 0 .35rem;letter-spacing:-.01em}
h2{font-size:1.5rem;line-height:1.25;margin:0 0 1rem;letter-spacing:-.005em}
h3{font-size:1.15rem;line-height:1.35;margin:0 0 .6rem}
p{max-width:68ch;margin:0 0 1rem}
header p,footer p{color:var(--muted);margin:0}
code{font:.875em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
nav{position:sticky;top:0;z-index:1;background:var(--page);border-block:1px solid var(--line)}
nav ul{display:flex;gap:.25rem 1.4rem;overflow-x:auto;list-style:none;margin-block:0;padding-block:.35rem}
nav a{display:block;padding:.4rem 0;white-space:nowrap;text-decoration:none;font-size:.95rem}
nav a:hover{text-decoration:underline}
main>section{padding-block:2.25rem}
main>section+section{border-top:1px solid var(--line)}
main:focus{outline:none}
footer{padding-block:1.5rem 3rem;border-top:1px solid var(--line);font-size:.9rem}
.skip{position:absolute;left:-100vw;background:var(--page);padding:.6rem 1rem;z-index:2}
.skip:focus{left:.5rem;top:.5rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:.75rem;margin:0 0 1rem}
.figure{background:var(--panel);border:1px solid var(--line);border-top:4px solid var(--edge);border-radius:8px;padding:.7rem .95rem .8rem}
.figure dt{color:var(--muted);font-size:.875rem}
.figure dd{margin:0}
.figure .value{display:block;font-size:1.5rem;font-weight:650;line-height:1.3}
.note{color:var(--muted);font-size:.875rem}
${TONES.map((tone) => `.badge.${tone}{color:var(--${tone});background:var(--${tone}-panel)}.figure.${tone}{border-top-color:var(--${tone})}.figure.${tone} .value{color:var(--${tone})}`
    + `.card.${tone}{border-left-color:var(--${tone})}.mark.${tone} rect{fill:var(--${tone}-panel)}.mark.${tone} text,.mark.${tone} .symbol{fill:var(--${tone})}.mark.${tone} .line{stroke:var(--${tone})}`).join('\n')}
.figure.plain{border-top-color:var(--edge)}
.figure.plain .value{color:inherit}
.badge{display:inline-block;border-radius:1em;padding:.05em .6em;font-size:.8125rem;font-weight:600;white-space:nowrap}
.facts{margin:0 0 1.1rem}
.facts>div{display:grid;grid-template-columns:minmax(8.5rem,11rem) minmax(0,1fr);gap:.1rem 1rem;padding:.16rem 0}
.facts dt{color:var(--muted)}
.facts dd{margin:0;max-width:78ch}
ul,ol{margin:0 0 1rem;padding-left:1.3rem}
.part{margin:0 0 2.5rem}
.part>h3{border-bottom:1px solid var(--line);padding-bottom:.35rem}
.cards{list-style:none;padding:0;display:grid;grid-template-columns:minmax(0,1fr);gap:.75rem}
.card{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--edge);border-radius:8px;padding:.8rem 1rem .25rem}
.card h3{font-size:1rem}
table{border-collapse:collapse;width:100%;margin:0 0 1.5rem;font-size:.925rem;line-height:1.45}
caption{text-align:left;font-weight:600;padding:0 0 .45rem;font-size:1rem}
th,td{text-align:left;vertical-align:top;padding:.42rem 1.1rem .42rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--muted);font-weight:600;vertical-align:bottom;border-bottom-width:2px}
tbody th{font-weight:500}
tbody tr:hover>*{background:var(--panel)}
.n{text-align:right;font-variant-numeric:tabular-nums}
.drawing{margin:0 0 1.75rem;position:relative;width:calc(100vw - 2*clamp(1rem,3vw,2rem));margin-left:calc(50% - 50vw + clamp(1rem,3vw,2rem))}
.canvas{overflow-x:auto;padding:6px 12px}
.canvas svg{display:block;width:100%;height:auto;margin-inline:auto;font-family:inherit}
.unseen{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
.matrix{margin:0 0 1.75rem;position:relative}
.grid{overflow:auto;max-height:85vh;border:1px solid var(--line);border-radius:8px;width:fit-content;max-width:calc(50vw + 50% - 1.25rem)}
.grid table{display:table;width:auto;margin:0;border-collapse:separate;border-spacing:0;line-height:1.3}
.grid caption{position:absolute;clip-path:inset(50%);height:1px;width:1px;overflow:hidden;white-space:nowrap}
.grid th,.grid td{padding:0;border-bottom:1px solid var(--line);border-right:1px solid var(--line);background:var(--page)}
.grid td{position:relative;width:1.85rem;min-width:1.85rem;height:1.85rem;text-align:center;vertical-align:middle}
.grid th{position:sticky;z-index:1;background:var(--panel);font-weight:500;font-size:.875rem}
.grid thead th{top:0;border-bottom-width:1px;vertical-align:bottom;color:inherit}
.grid thead td{position:sticky;top:0;left:0;z-index:2;background:var(--panel)}
.grid tbody th{left:0;white-space:nowrap}
.grid th a{display:block;color:inherit;text-decoration:none;padding:.3rem .6rem}
.grid th a:hover,.grid th a:focus-visible{text-decoration:underline}
.grid thead th a{writing-mode:vertical-rl;transform:rotate(180deg);padding:.6rem .3rem;white-space:nowrap;margin-inline:auto}
.grid .faint{font-style:italic}
.grid td a{display:flex;align-items:center;justify-content:center;width:100%;height:100%}
.grid td a:focus-visible{outline-offset:-3px}
.grid .all{background:var(--good-panel)}.grid .some{background:var(--info-panel)}.grid .none{background:var(--error-panel)}
.matrix .all svg,.mark-all svg{fill:var(--good);stroke:var(--good)}.matrix .some svg,.mark-some svg{fill:var(--info);stroke:var(--info)}.matrix .none svg,.mark-none svg{fill:var(--error);stroke:var(--error)}
.matrix svg{display:block}
.matrix path{stroke:none}
.matrix .stroke{fill:none;stroke:inherit;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.grid tbody tr:hover>td:not([class]),.grid tbody tr:focus-within>td:not([class]){background:var(--panel)}
.grid tbody tr:hover>th,.grid tbody tr:focus-within>th{background:var(--plain-panel)}
.mark-all,.mark-some,.mark-none,.mark-empty{display:inline-flex;align-items:center;justify-content:center;width:1.5rem;height:1.5rem;border:1px solid var(--line);border-radius:4px}
.chart{margin:0 0 1.5rem;max-width:52rem}
.chart .canvas svg{margin-inline:0;min-width:32rem;max-width:100%}
.grid-line{stroke:var(--line);stroke-width:1;fill:none}
.axis{font-size:12.5px;fill:var(--muted)}
.share{fill:none;stroke:var(--info);stroke-width:2.5;stroke-linejoin:round}
.share-area{fill:var(--info-panel);opacity:.75}
.worst{fill:var(--error-panel);stroke:var(--error);stroke-width:1.5;stroke-dasharray:5 3;fill-opacity:.8}
.check{stroke:var(--plain);stroke-width:1.5}
.now{stroke:var(--warning);stroke-width:2;stroke-dasharray:2 3}
tr:target>*{background:var(--info-panel)}
tr{scroll-margin-top:4rem}
figcaption{max-width:78rem;margin:.75rem auto 0;color:var(--muted);font-size:.925rem}
figcaption strong{color:var(--text)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;list-style:none;padding:0;margin:.5rem 0 0}
.legend li{display:flex;align-items:center;gap:.45rem}
.box{fill:var(--panel);stroke:var(--edge);stroke-width:1.25}
.node{text-decoration:none;outline:none}
.external .box,.box.external{fill:var(--page);stroke-dasharray:5 3}
a.node:hover .box,a.node:focus-visible .box{stroke:var(--focus);stroke-width:3}
.name{font-size:${FONT.name}px;font-weight:600;fill:var(--text)}
.detail{font-size:${FONT.detail}px;fill:var(--muted)}
.entry{fill:var(--text)}
.mark text{font-size:${FONT.badge}px;font-weight:600}
.mark .line{fill:none;stroke-width:2;stroke-linecap:round}
.call path{fill:none;stroke:var(--edge);stroke-width:1.25}
.call rect{fill:var(--page)}
.call text{font-size:${FONT.label}px;fill:var(--muted);text-anchor:middle}
.call.retry path{stroke:var(--info);stroke-width:1.75}
.call.retry text{fill:var(--info)}
.call.over path{stroke:var(--error);stroke-width:2.5}
.call.over text{fill:var(--error);font-weight:600}
marker path{fill:var(--edge)}
marker.retry path{fill:var(--info)}
marker.over path{fill:var(--error)}
@media (prefers-reduced-motion:no-preference){.call{transition:opacity .12s}}
@media (max-width:44rem){
table,tbody,tr,th,td,caption{display:block}
thead{position:absolute;clip-path:inset(50%);height:1px;width:1px;overflow:hidden}
tr{border-bottom:2px solid var(--line);padding:.35rem 0}
th,td,.n{border:0;padding:.1rem 0;text-align:left}
tbody th{font-weight:650}
td::before{content:attr(data-label) ": ";color:var(--muted)}
td:empty{display:none}
.grid table{font-size:.875rem}
.grid thead{position:static;clip-path:none;height:auto;width:auto;display:table-header-group}
.grid tbody{display:table-row-group}
.grid tr{display:table-row;padding:0}
.grid th,.grid td,.grid td:empty{display:table-cell;border-bottom:1px solid var(--line);border-right:1px solid var(--line)}
.grid td::before{content:none}
.grid tbody th{font-weight:500}
.grid tbody th a{max-width:9rem;overflow:hidden;text-overflow:ellipsis}
.facts>div{grid-template-columns:minmax(0,1fr);padding:.25rem 0}
}
@media (forced-colors:active){.share,.check,.now,.worst,.grid-line{stroke:CanvasText}.axis{fill:CanvasText}.matrix svg{fill:CanvasText!important;stroke:CanvasText!important}.box,.call path{stroke:CanvasText}.call rect{fill:Canvas}.name,.detail,.call text{fill:CanvasText}}`;

const PAPER = `
@media print{
nav,.skip{display:none}
html{font-size:9pt}
th,td{padding-right:.7rem}
header,footer,main>section{max-width:none;padding-inline:0}
main>section{padding-block:1.2rem}
h2,h3,caption{break-after:avoid}
tr,.card,.figure,figure{break-inside:avoid}
thead{display:table-header-group}
a{color:inherit;text-decoration:none}
.drawing{width:auto;margin-left:0}
.canvas,.grid{overflow:visible;max-height:none}
.grid td{width:1.1rem;min-width:1.1rem;height:1.1rem}
.grid th{position:static;font-size:.8em}
.grid th a{padding:.1rem .3rem}
.grid thead th a{padding:.3rem .1rem}
.matrix.wide{display:none}
.canvas svg{min-width:0!important;max-width:100%!important}
}`;

/** Paper is white, whatever the screen prefers. */
export const STYLE = `:root{color-scheme:light dark;${variables('light')}}
@media screen and (prefers-color-scheme:dark){:root{${variables('dark')}}}${SCREEN}${PAPER}`;
