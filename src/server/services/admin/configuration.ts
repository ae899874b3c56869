/** What an OMERO server is set to unless its keepers set it otherwise, as far as clients may know it. */

/** What OMERO's clients show, by key without `omero.client.`. */
const CLIENT_DEFAULTS: Readonly<Record<string, string>> = {
  "browser.thumb_default_size": "96",
  "download_as.max_size": "144000000",
  scripts_to_ignore:
    "/omero/figure_scripts/Movie_Figure.py,/omero/figure_scripts/Split_View_Figure.py," +
    "/omero/figure_scripts/Thumbnail_Figure.py,/omero/figure_scripts/ROI_Split_Figure.py," +
    "/omero/export_scripts/Make_Movie.py,/omero/import_scripts/Populate_ROI.py",
  "ui.menu.dropdown.colleagues.enabled": "true",
  "ui.menu.dropdown.colleagues.label": "Members",
  "ui.menu.dropdown.everyone.enabled": "true",
  "ui.menu.dropdown.everyone.label": "All Members",
  "ui.menu.dropdown.leaders.enabled": "true",
  "ui.menu.dropdown.leaders.label": "Owners",
  "ui.tree.orphans.description":
    "This is a virtual container with orphaned images. These images are not linked anywhere. Just drag them to the selected container.",
  "ui.tree.orphans.enabled": "true",
  "ui.tree.orphans.name": "Orphaned Images",
  "ui.tree.type_order": "tagset,tag,project,dataset,screen,plate,acquisition,image",
  "viewer.initial_zoom_level": "0",
  "viewer.interpolate_pixels": "true",
  "viewer.roi_limit": "2000",
  "web.host": "",
};

const SERVER_DEFAULTS: Readonly<Record<string, string>> = {
  "omero.cluster.read_only.runtime.db": "false",
  "omero.cluster.read_only.runtime.repo": "false",
  "omero.mail.config": "false",
  "omero.pixeldata.max_plane_height": "3192",
  "omero.pixeldata.max_plane_width": "3192",
  "omero.policy.binary_access": "+read,+write,+image",
  "omero.router.insecure": "",
  "omero.router.secure": "",
  "omero.security.password_required": "true",
  "omero.upgrades.url": "",
};

/** Values by key; those given are in place of defaults. */
export function publicConfiguration(given: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  const client = Object.entries(CLIENT_DEFAULTS).map(([key, value]) => [`omero.client.${key}`, value] as const);
  return new Map([...client, ...Object.entries(SERVER_DEFAULTS), ...given]);
}
