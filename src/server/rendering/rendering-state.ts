/** What a rendering engine works on: pixels, settings, and whether both are ready. */
import { apiUsage, securityViolation, validation } from "../exceptions.js";
import type { StoredObject } from "../model/object-store.js";
import { PixelSource } from "../pixels/pixel-source.js";
import { StoredPixels } from "../pixels/stored-pixels.js";
import type { SessionContext } from "../services/context.js";
import type { Access } from "../world/access.js";
import { defaultSettings } from "./settings/default-settings.js";
import { isSimilar } from "./settings/rendered-images.js";
import type { RenderingSettings } from "./settings/rendering-settings.js";
import { addSettings, changeSettings, findSettings, readSettings } from "./settings/settings-store.js";

const NO_RENDERER =
  "RenderingEngine not ready: renderer is null.\n" +
  "This method can only be called after the renderer is properly initialized (not-null).\n" +
  "Try lookup and/or load methods.";

export class RenderingState {
  readonly #context: SessionContext;
  #pixels: StoredPixels | undefined;
  #source: PixelSource | undefined;
  #settings: RenderingSettings | undefined;
  /** Whether the settings were asked for by their id: then they are changed, whosever they are. */
  #isRequested = false;
  #isLoaded = false;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  lookupPixels(access: Access, id: bigint): void {
    this.#isLoaded = false;
    this.#pixels = new StoredPixels(this.#world, this.#world.get(access, "Pixels", id));
    this.#source = new PixelSource(this.#world.pixels, id, this.#pixels.layout, this.#context.messageSizeMax);
  }

  /** False where there are no settings of the user's, nor of the pixels' owner. */
  lookupSettings(access: Access, pixelsId: bigint): boolean {
    const pixels = new StoredPixels(this.#world, this.#world.get(access, "Pixels", pixelsId));
    const found = findSettings(this.#world, access, pixels);
    this.#use(found, false);
    return found !== undefined;
  }

  loadSettings(access: Access, id: bigint): void {
    const object = this.#world.store.get("RenderingDef", id);
    if (!object || !access.canRead(object)) throw validation(`No rendering definition exists with ID: ${id}`);
    const pixels = this.#world.referenced(object, "pixels");
    if (!pixels) throw validation(`The rendering definition ${id} is not linked to a pixels set.`);
    if (!isSimilar(this.#world, this.pixels, new StoredPixels(this.#world, pixels))) {
      throw validation(`The rendering definition ${id} is incompatible with pixels set ${this.pixels.id}`);
    }
    this.#use(object, true);
  }

  #use(object: StoredObject | undefined, isRequested: boolean): void {
    this.#settings = object && readSettings(this.#world, object);
    this.#isRequested = isRequested;
    this.#isLoaded = false;
  }

  load(): void {
    void [this.pixels, this.settings];
    this.#isLoaded = true;
  }

  /** @throws IceUserException ApiUsageException before {@link lookupPixels}. */
  get pixels(): StoredPixels {
    if (!this.#pixels) throw apiUsage("RenderingEngine not ready: Pixels object not set.");
    return this.#pixels;
  }

  get source(): PixelSource {
    void this.pixels;
    return this.#source!;
  }

  /** @throws IceUserException ApiUsageException before settings are found. */
  get settings(): RenderingSettings {
    if (!this.#settings) throw apiUsage("RenderingEngine not ready: RenderingDef object not set.");
    return this.#settings;
  }

  /** @throws IceUserException ApiUsageException unless everything is ready. */
  get ready(): RenderingSettings {
    void [this.pixels, this.settings];
    if (!this.#isLoaded) throw apiUsage(NO_RENDERER);
    return this.settings;
  }

  /** Defaults in place of the settings; stored, unless others' settings were asked for. Answers their id. */
  async reset(access: Access, save: boolean): Promise<bigint> {
    const pixels = this.pixels;
    const isStored = save && !this.#isRequested;
    const isNew = isStored && !this.#settings && !findSettings(this.#world, access, pixels);
    if (!isNew) void this.ready;
    const defaults = await defaultSettings(this.#world, pixels, this.source);
    if (!isStored) {
      this.#settings = { ...this.settings, ...defaults, channels: this.#withIds(defaults) };
      return this.#settings.id ?? 0n;
    }
    const object = this.#store(access, defaults, this.#own(access));
    this.#settings = readSettings(this.#world, object);
    return object.id;
  }

  #withIds({ channels }: RenderingSettings): RenderingSettings["channels"] {
    return channels.map((channel, index) => ({ ...channel, id: this.settings.channels[index]?.id }));
  }

  /** Changes the settings in use, where they are the user's or were asked for by id; else makes new ones. */
  save(access: Access): void {
    const settings = this.settings;
    const stored = this.#isRequested ? this.#storedSettings : this.#own(access);
    const object = this.#store(access, settings, stored);
    this.#settings = readSettings(this.#world, object);
    this.#isRequested ||= stored === undefined;
    this.load();
  }

  saveAsNew(access: Access): bigint {
    const object = this.#store(access, this.settings, undefined);
    this.#use(object, true);
    this.load();
    return object.id;
  }

  get #storedSettings(): StoredObject | undefined {
    const { id } = this.settings;
    return id === undefined ? undefined : this.#world.store.get("RenderingDef", id);
  }

  #own(access: Access): StoredObject | undefined {
    const stored = this.#settings && this.#storedSettings;
    return stored?.owner === access.user.id ? stored : undefined;
  }

  #store(access: Access, settings: RenderingSettings, stored: StoredObject | undefined): StoredObject {
    const { object } = this.pixels;
    if (stored) {
      this.#world.checkEdit(access, stored);
      return changeSettings(this.#world, access, stored, settings);
    }
    if (!access.rights(object).annotate) throw securityViolation(`Cannot link RenderingDef to Pixels:Id_${object.id}`);
    return addSettings(this.#world, access.in(object.group), this.pixels, settings);
  }

  get #world() {
    return this.#context.world;
  }
}
