/** A drawing of what the server does: one original flows through the gate and leaves it in several sizes. */
export const landingPicture = `<svg class="picture" viewBox="0 0 480 300" width="480" height="300" aria-hidden="true" fill="none">
<defs>
<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#9fe0f5"/><stop offset="1" stop-color="#e3f2f7"/></linearGradient>
<symbol id="scene" viewBox="0 0 120 90" preserveAspectRatio="xMidYMid slice"><rect width="120" height="90" fill="url(#sky)"/><circle cx="88" cy="24" r="10" fill="#fff"/><path d="M0 62 34 30l26 24 18-14 42 34v16H0z" fill="#0b6b8a"/><path d="M0 74q20-8 40 0t40 0 40 0v16H0z" fill="#073f52"/></symbol>
</defs>
<path d="M128 150h88M264 150c44 0 44-92 92-92M264 150h68M264 150c44 0 44 92 92 92" stroke="var(--edge)" stroke-width="2.500" stroke-dasharray="2 8" stroke-linecap="round"/>
<g><rect x="5" y="99" width="124" height="102" rx="12" fill="var(--surface)" stroke="var(--line)" stroke-width="2"/><svg x="13" y="107" width="108" height="86"><use href="#scene"/></svg></g>
<g><rect x="210" y="112" width="60" height="76" rx="14" fill="#0b6b8a"/><path d="M222 126v48M258 126v48" stroke="#fff" stroke-width="5" stroke-linecap="round"/><path d="M230 131h20v14h-20z" fill="#9fe0f5"/><path d="M230 157q5-6 10 0t10 0M230 168q5-6 10 0t10 0" stroke="#fff" stroke-width="3.500" stroke-linecap="round"/></g>
<g><rect x="356" y="13" width="119" height="84" rx="12" fill="var(--surface)" stroke="var(--line)" stroke-width="2"/><svg x="364" y="21" width="103" height="68"><use href="#scene"/></svg></g>
<g><rect x="332" y="113" width="74" height="74" rx="37" fill="var(--surface)" stroke="var(--line)" stroke-width="2"/><clipPath id="round"><circle cx="369" cy="150" r="29"/></clipPath><g clip-path="url(#round)"><svg x="340" y="121" width="58" height="58"><use href="#scene"/></svg></g></g>
<g><rect x="356" y="203" width="68" height="92" rx="12" fill="var(--surface)" stroke="var(--line)" stroke-width="2"/><svg x="364" y="211" width="52" height="76"><use href="#scene"/></svg></g>
</svg>`;
