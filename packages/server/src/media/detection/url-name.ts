/** The name that URLs have for a kind of object: `Traffic light` is `trafficLight`. */
export function urlName(label: string): string {
  const [first = "", ...others] = label.toLowerCase().split(" ");
  return [first, ...others.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))].join("");
}
