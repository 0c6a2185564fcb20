/** The namespaces that a drawing keeps: its own, and those of three attributes that have no place in it. */
export const svgNamespace = "http://www.w3.org/2000/svg";
export const xlinkNamespace = "http://www.w3.org/1999/xlink";
export const xmlNamespace = "http://www.w3.org/XML/1998/namespace";

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** What draws. Everything else, scripts and other languages' elements above all, goes with all that stands in it. */
export const allowedElements = words(`
  a circle clipPath defs desc ellipse g image line linearGradient marker mask path pattern polygon polyline
  radialGradient rect stop style svg switch symbol text textPath title tspan use view
  filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap
  feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode
  feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence
  animate animateMotion animateTransform mpath set
`);

/** In an HTML page some of these would hold HTML. They keep their text alone. */
export const textElements = words("desc style title");

/** Those that may show a picture that is written out in the drawing. */
export const pictureElements = words("feImage image");

/** Those that change another attribute in the course of time. */
export const animationElements = words("animate animateMotion animateTransform set");

/** Their values are CSS, in which functions stand and URLs may. */
const styledAttributes = words(`
  alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters
  color-rendering cursor direction display dominant-baseline enable-background fill fill-opacity fill-rule filter
  flood-color flood-opacity font font-family font-feature-settings font-kerning font-size font-size-adjust font-stretch
  font-style font-variant font-variation-settings font-weight glyph-orientation-horizontal glyph-orientation-vertical
  image-rendering isolation kerning letter-spacing lighting-color line-height marker marker-end marker-mid marker-start
  mask mask-type mix-blend-mode opacity overflow paint-order pointer-events shape-rendering stop-color stop-opacity
  stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width
  text-align text-anchor text-decoration text-orientation text-overflow text-rendering transform-box transform-origin
  unicode-bidi vector-effect visibility white-space word-spacing writing-mode
`);

/** Numbers, paths and the like, which an animation may change as well. */
const geometryAttributes = words(`
  amplitude azimuth baseFrequency bias cx cy d diffuseConstant divisor dx dy edgeMode elevation exponent fr fx fy
  gradientTransform gradientUnits height in in2 intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength lengthAdjust
  limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits maskUnits method mode numOctaves offset
  operator order orient pathLength patternContentUnits patternTransform patternUnits points pointsAtX pointsAtY
  pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r radius refX refY result rotate rx ry scale seed side
  slope spacing specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles surfaceScale
  tableValues targetX targetY textLength transform type viewBox width x x1 x2 xChannelSelector y y1 y2
  yChannelSelector z clipPathUnits filterUnits filterRes
`);

/** What an animation changes an attribute to may be the value of any that it can change. */
const animatedValues = words("by from to");

const otherAttributes = words(`
  accumulate additive attributeType begin calcMode class dur end id keyPoints keySplines keyTimes lang max media min
  origin path repeatCount repeatDur requiredExtensions requiredFeatures restart role systemLanguage tabindex target version
  zoomAndPan
`);

export type AttributeKind = "plain" | "styled" | "values" | "declarations" | "reference" | "animated";

/** What is kept of attributes without a namespace; undefined for what goes. */
export function attributeKind(name: string): AttributeKind | undefined {
  if (styledAttributes.has(name) || animatedValues.has(name)) return "styled";
  if (geometryAttributes.has(name) || otherAttributes.has(name)) return "plain";
  if (name === "values") return "values";
  if (name === "style") return "declarations";
  if (name === "href") return "reference";
  if (name === "attributeName") return "animated";
  return /^(?:aria|data)-[a-z0-9-]+$/.test(name) ? "plain" : undefined;
}

/** Not where a reference leads, nor what its element is called. */
export function canBeAnimated(name: string): boolean {
  return styledAttributes.has(name) || geometryAttributes.has(name);
}
