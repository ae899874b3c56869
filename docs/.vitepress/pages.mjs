/** The pages of the site, in the order in which they are read. */
export const GROUPS = [
  {
    text: "Guide",
    pages: {
      "guide/start": "The first ten minutes",
      "guide/connect": "Connect",
      "guide/read": "Read",
      "guide/query": "Query",
      "guide/write": "Write",
      "guide/csv": "CSV of laboratory programs",
      "guide/files": "Files",
      "guide/frames": "Frames",
      "guide/view": "Looking at tables",
      "guide/gateway": "Objects",
      "guide/images": "Images",
      "guide/store": "The store",
      "guide/scan": "Beyond one machine",
      "guide/jobs": "Bulk jobs",
      "guide/flight": "Arrow Flight",
      "guide/server/index": "A server of your own",
      "guide/server/omero-web": "OMERO.web in front of it",
      "guide/changes": "Tables that change",
    },
  },
  {
    text: "Coming from",
    pages: {
      "migration/omero2pandas": "omero2pandas",
      "migration/blitzgateway": "BlitzGateway",
      "migration/blitzgateway-methods": "BlitzGateway's methods",
    },
  },
  { text: "Reference", pages: { commands: "Commands", errors: "Errors", benchmarks: "Benchmarks" } },
];
