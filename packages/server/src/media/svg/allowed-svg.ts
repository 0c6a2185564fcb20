/** The namespaces that a drawing keeps: SVG's own, and those of three attributes that SVG's doesn't contain. */
export const svgNamespace = "http://www.w3.org/2000/svg";
export const xlinkNamespace = "http://www.w3.org/1999/xlink";
export const xmlNamespace = "http://www.w3.org/XML/1998/namespace";

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/**
 * The elements that draw. Every other element is removed together with its content, above all scripts and elements of
 * other languages.
 */
export const allowedElements = words(`
  a circle clipPath defs desc ellipse g image line linearGradient marker mask path pattern polygon polyline
  radialGradient rect stop style svg switch symbol text textPath title tspan use view
  filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap
  feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode
  feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence
  animate animateMotion animateTransform mpath set
`);

/** Elements that keep only their text. In an HTML page some of them would hold HTML. */
export const textElements = words("desc style title");

/** Elements that may show a picture that is embedded in the drawing. */
export const pictureElements = words("feImage image");

/** Elements that change another attribute in the course of time. */
export const animationElements = words("animate animateMotion animateTransform set");

/** Attributes whose values are CSS, which has functions and may have URLs. */
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

/** Attributes whose values are numbers, paths and the like. An animation may change them as well. */
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

/** The values that an animation sets. They may be the value of any attribute that an animation can change. */
const animatedValues = words("by from to");

const otherAttributes = words(`
  accumulate additive attributeType begin calcMode class dur end id keyPoints keySplines keyTimes lang max media min
  origin path repeatCount repeatDur requiredExtensions requiredFeatures restart role systemLanguage tabindex target version
  zoomAndPan
`);

export type AttributeKind = "plain" | "styled" | "values" | "declarations" | "reference" | "animated";

/** Returns the treatment of an attribute without a namespace; undefined for an attribute that is removed. */
export function attributeKind(name: string): AttributeKind | undefined {
  if (styledAttributes.has(name) || animatedValues.has(name)) return "styled";
  if (geometryAttributes.has(name) || otherAttributes.has(name)) return "plain";
  if (name === "values") return "values";
  if (name === "style") return "declarations";
  if (name === "href") return "reference";
  if (name === "attributeName") return "animated";
  return /^(?:aria|data)-[a-z0-9-]+$/.test(name) ? "plain" : undefined;
}

/** Whether an animation may change an attribute. It may change neither a reference's target nor an element's id. */
export function canBeAnimated(name: string): boolean {
  return styledAttributes.has(name) || geometryAttributes.has(name);
}
