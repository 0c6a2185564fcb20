interface Head {
  readonly skin: string;
  readonly shade: string;
  readonly hair: string;
  readonly lips: string;
  /** A drawing of the hair behind the head. */
  readonly back?: string;
  /** The outline of the hair above the face. */
  readonly front: string;
}

/** Draws a head around 0, 0, about 70 px high. Its eyes, nose and mouth lie so that the face model finds them. */
function head({ skin, shade, hair, lips, back = "", front }: Head): string {
  return `${back}
    <path d="M-9 20h18v30q-9 9-18 0z" fill="${shade}"/>
    <ellipse cx="-24" cy="3" rx="4" ry="7" fill="${shade}"/><ellipse cx="24" cy="3" rx="4" ry="7" fill="${shade}"/>
    <path d="M-24-6c0-38 48-38 48 0c0 24-10 40-24 40s-24-16-24-40z" fill="${skin}"/>
    <path d="M5 4c4 5 3 9-1 9h-4" fill="none" stroke="${shade}" stroke-width="1.8" stroke-linecap="round"/>
    <path d="M-15-9q5-4 10-1M15-9q-5-4-10-1" fill="none" stroke="${hair}" stroke-width="2.2" stroke-linecap="round"/>
    <ellipse cx="-10" cy="-2" rx="4.4" ry="3" fill="#fff"/><ellipse cx="10" cy="-2" rx="4.4" ry="3" fill="#fff"/>
    <circle cx="-10" cy="-2" r="2.7" fill="#2b2320"/><circle cx="10" cy="-2" r="2.7" fill="#2b2320"/>
    <path d="M-9 19q9 9 18 0q-9 3-18 0z" fill="${lips}"/>
    <path d="${front}" fill="${hair}"/>`;
}

const woman = head({
  skin: "#f0c3a0",
  shade: "#d79e78",
  hair: "#5b3420",
  lips: "#b5483f",
  back: '<path d="M-29 4c-6-58 64-58 58 0q0 30 5 48h-68q5-18 5-48z" fill="#46281a"/>',
  front: "M-26 0c-6-48 58-48 52 0c-2-14-10-20-18-23c-8 10-24 12-34 23z",
});

const man = head({
  skin: "#b97f57",
  shade: "#96603c",
  hair: "#241a16",
  lips: "#8c4038",
  front: "M-26-3c-6-46 58-46 52 0c-1-10-4-14-7-17c-12-4-26-4-38 0c-3 3-6 7-7 17z",
});

/** A drawing of two people on a beach and of a boat. The models find the two faces and the boat. */
export const people = `<svg xmlns="http://www.w3.org/2000/svg" width="360" height="240">
  <defs>
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#8fc7e8"/><stop offset="1" stop-color="#f6e3c5"/></linearGradient>
    <linearGradient id="sea" x2="0" y2="1"><stop stop-color="#3f8fb0"/><stop offset="1" stop-color="#7fbfca"/></linearGradient>
  </defs>
  <rect width="360" height="130" fill="url(#sky)"/><rect y="118" width="360" height="60" fill="url(#sea)"/>
  <path d="M0 168q90-14 180-4t180-6v82h-360z" fill="#e6cf9f"/>
  <g transform="translate(2 -72) scale(1.55)">
    <path d="M40 119v-40q4 26 26 36v4zm-3 0v-30q-3 18-15 27v3z" fill="#fff"/>
    <path d="M18 121h50l-9 11h-32z" fill="#b4432f"/>
  </g>
  <g transform="translate(85 91) scale(.62)">
    <path d="M112 240q4-46 38-49q10 9 20 0q34 3 38 49z" fill="#d9594c"/>
    <path d="M202 240q3-52 41-58q11 10 22 0q38 6 41 58z" fill="#1f6f78"/>
    <g transform="translate(160 142)">${woman}</g>
    <g transform="translate(254 130) scale(1.06)">${man}</g>
  </g>
</svg>`;
