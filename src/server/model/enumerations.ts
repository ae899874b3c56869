/** The enumerations of an OMERO server, in the order of their ids. */

/** Entries by class, parted by "|". */
const ENTRIES = {
  AcquisitionMode:
    "WideField|LaserScanningConfocalMicroscopy|SpinningDiskConfocal|SlitScanConfocal|MultiPhotonMicroscopy|" +
    "StructuredIllumination|SingleMoleculeImaging|TotalInternalReflection|FluorescenceLifetime|" +
    "SpectralImaging|FluorescenceCorrelationSpectroscopy|NearFieldScanningOpticalMicroscopy|" +
    "SecondHarmonicGenerationImaging|PALM|STORM|STED|TIRF|FSM|LCM|Other|Unknown|BrightField|" +
    "SweptFieldConfocal|SPIM",
  AdminPrivilege:
    "Chgrp|Chown|DeleteFile|DeleteManagedRepo|DeleteOwned|DeleteScriptRepo|ModifyGroup|ModifyGroupMembership|" +
    "ModifyUser|ReadSession|Sudo|WriteFile|WriteManagedRepo|WriteOwned|WriteScriptRepo",
  ArcType: "Hg|Xe|HgXe|Other|Unknown",
  Binning: "1x1|2x2|4x4|8x8",
  ChecksumAlgorithm: "Adler-32|CRC-32|MD5-128|Murmur3-32|Murmur3-128|SHA1-160|File-Size-64",
  ContrastMethod:
    "Brightfield|Phase|DIC|HoffmanModulation|ObliqueIllumination|PolarizedLight|Darkfield|Fluorescence|Other|" +
    "Unknown",
  Correction:
    "UV|PlanApo|PlanFluor|SuperFluor|VioletCorrected|Achro|Achromat|Fluor|Fl|Fluar|Neofluar|Fluotar|Apo|Other|" +
    "Unknown",
  DetectorType:
    "CCD|IntensifiedCCD|AnalogVideo|PMT|Photodiode|Spectroscopy|LifetimeImaging|CorrelationSpectroscopy|FTIR|" +
    "EM-CCD|APD|CMOS|EBCCD|Other|Unknown",
  DimensionOrder: "XYZCT|XYZTC|XYCTZ|XYCZT|XYTCZ|XYTZC",
  EventType: "Bootstrap|Import|Internal|Shoola|User|Task|Test|Processing|FullText|Sessions",
  ExperimentType:
    "FP|FRET|TimeLapse|FourDPlus|Screen|Immunocytochemistry|Immunofluorescence|FISH|Electrophysiology|" +
    "IonImaging|Colocalization|PGIDocumentation|FluorescenceLifetime|SpectralImaging|Photobleaching|Other|" +
    "Unknown",
  Family: "linear|polynomial|exponential|logarithmic",
  FilamentType: "Incandescent|Halogen|Other|Unknown",
  FilterType: "LongPass|ShortPass|BandPass|MultiPass|Dichroic|NeutralDensity|Tuneable|Other|Unknown",
  Format:
    "FilePattern|Companion/FilePattern|Zip|APNG|JPEG|SlideBook7|PGM|Fits|PCX|GIF|BMP|IPLab|Ivision|RCPNL|" +
    "Deltavision|Companion/Deltavision|MRC|Gatan|GatanDM2|Imaris|OpenlabRaw|OMEXML|LIF|Companion/LIF|AVI|Pict|" +
    "SDT|SPC|Companion/SPC|EPS|Slidebook|Alicona|MNG|Khoros|Visitech|Companion/Visitech|LIM|PSD|InCell|" +
    "Companion/InCell|L2D|Companion/L2D|FEI|NAF|MINC|QT|MRW|TillVision|Companion/TillVision|ARF|Cellomics|" +
    "LiFlim|Targa|OxfordInstruments|VGSAM|HIS|WATOP|Seiko|Topometrix|UBM|Quesant|BioRadGel|RHK|" +
    "MolecularImaging|CellWorx|Companion/CellWorx|MetaxpressTiff|Ecat7|VarianFDF|AIM|InCell3000|Spider|" +
    "Volocity|Companion/Volocity|Imagic|HamamatsuVMS|CellSens|INR|Kodak|VolocityClipping|ZeissCZI|SIF|NDPIS|" +
    "Povray|IMOD|Fake|Companion/Fake|AFI|Companion/AFI|Imspector|BioRadSCN|ZeissLMS|PQBin|FlowSight|IM3|I2I|" +
    "SPE|OIR|KLB|MicroCT|LOF|XLEF|Companion/XLEF|OlympusTile|JEOL|Companion/JEOL|Nifti|Companion/Nifti|" +
    "Analyze|Companion/Analyze|APL|Companion/APL|NRRD|Companion/NRRD|ICS|Companion/ICS|PerkinElmer|" +
    "Companion/PerkinElmer|Amira|Scanr|Companion/Scanr|BD|Companion/BD|Unisoku|Companion/Unisoku|PDS|" +
    "Companion/PDS|Fuji|Companion/Fuji|Operetta|Companion/Operetta|Inveon|Companion/Inveon|CellVoyager|" +
    "Companion/CellVoyager|Columbus|CV7000|Companion/CV7000|BioRad|Companion/BioRad|FV1000|Companion/FV1000|" +
    "ZeissZVI|IPW|JPEG2000|JPX|ND2|PCI|ImarisHDF|CellH5|Veeco|Tecan|Companion/Tecan|ZeissLSM|" +
    "Companion/ZeissLSM|SEQ|Gel|ImarisTiff|Flex|Companion/Flex|SVS|Imacon|LEO|JPK|NDPI|PCORAW|" +
    "Companion/PCORAW|Ventana|OMETiff|Companion/OMETiff|PyramidTiff|MIAS|Companion/MIAS|TCS|Companion/TCS|" +
    "Leica|Companion/Leica|Nikon|Fluoview|Prairie|Companion/Prairie|Metamorph|Companion/Metamorph|" +
    "Micromanager|Companion/Micromanager|ImprovisionTiff|MetamorphTiff|NikonTiff|MikroscanTiff|PhotoshopTiff|" +
    "FEITiff|SimplePCITiff|NikonElementsTiff|Trestle|Companion/Trestle|SIS|DNG|ZeissTIFF|Companion/ZeissTIFF|" +
    "LeicaSCN|Vectra|Companion/Vectra|SlidebookTiff|IonpathMIBITiff|Dicom|Companion/Dicom|Hitachi|" +
    "Companion/Hitachi|TiffDelegate|Text|Burleigh|Openlab|SMCamera|SBIG|HRDGDF|Bruker|Companion/Bruker|" +
    "CanonRaw|OBF|BDV",
  Illumination: "Transmitted|Epifluorescence|Oblique|NonLinear|Other|Unknown",
  Immersion: "Oil|Water|WaterDipping|Air|Multi|Glycerol|Other|Unknown",
  JobStatus: "Submitted|Resubmitted|Queued|Requeued|Running|Error|Waiting|Finished|Cancelled",
  LaserMedium:
    "Rhodamine6G|CoumarinC30|ArFl|ArCl|KrFl|KrCl|XeFl|XeCl|XeBr|GaAs|GaAlAs|EMinus|Cu|Ag|N|Ar|Kr|Xe|HeNe|HeCd|" +
    "CO|CO2|H2O|HFl|NdGlass|NdYAG|ErGlass|ErYAG|HoYLF|HoYAG|Ruby|TiSapphire|Alexandrite|Other|Unknown",
  LaserType: "Excimer|Gas|MetalVapor|SolidState|Dye|Semiconductor|FreeElectron|Other|Unknown",
  Medium: "Air|Oil|Water|Glycerol|Other|Unknown",
  MicrobeamManipulationType:
    "FRAP|Photoablation|Photoactivation|Uncaging|OpticalTrapping|FLIP|InverseFRAP|Other|Unknown",
  MicroscopeType: "Upright|Inverted|Dissection|Electrophysiology|Other|Unknown",
  PhotometricInterpretation: "RGB|ARGB|CMYK|HSV|Monochrome|ColorMap",
  PixelsType: "bit|int8|int16|int32|uint8|uint16|uint32|float|double|complex|double-complex",
  ProjectionAxis: "T|ModuloT|Z|ModuloZ",
  ProjectionType: "maximum|mean|sum",
  Pulse: "CW|Single|QSwitched|Repetitive|ModeLocked|Other|Unknown",
  RenderingModel: "rgb|greyscale",
} as const;

export type EnumerationName = keyof typeof ENTRIES;

export const ENUMERATION_NAMES = Object.keys(ENTRIES) as EnumerationName[];

/** Ids go from 1; those of EventType from 0. */
export function enumerationEntries(name: EnumerationName): { id: bigint; value: string }[] {
  const first = name === "EventType" ? 0 : 1;
  return ENTRIES[name].split("|").map((value, index) => ({ id: BigInt(index + first), value }));
}
