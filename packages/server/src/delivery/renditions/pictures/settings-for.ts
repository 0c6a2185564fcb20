import type { IncomingHttpHeaders } from "node:http";
import { type DeliverySwitches, imageSettings } from "../../../accounts/delivery-switches.ts";
import type { DeliverySettings, OutputParameters } from "../../../media/image/plan/choose-output.ts";

/** The highest quality for clients that ask to save data (docs/protocol/delivery.md §9.4). */
const savingQuality = 50;

/** The settings with which an image is rendered for this request, and the request headers on which they depend. */
export function settingsFor(
  { switches, requestHeaders }: { readonly switches: DeliverySwitches; readonly requestHeaders: IncomingHttpHeaders },
  { quality }: Pick<OutputParameters, "quality">,
): { readonly settings: DeliverySettings; readonly vary: readonly string[] } {
  const settings = imageSettings(switches);
  if (!switches.dataSaver || quality !== undefined) return { settings, vary: [] };
  const saves = String(requestHeaders["save-data"]).trim().toLowerCase() === "on";
  return {
    settings: saves ? { ...settings, quality: Math.min(settings.quality, savingQuality) } : settings,
    vary: ["Save-Data"],
  };
}
