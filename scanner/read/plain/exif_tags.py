"""Tags of TIFF 6.0 and EXIF 3.0 that a plain file may have, by ExifTool's names for them (held to its own list by tests)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[int, str] = MappingProxyType(
    {
        269: "DocumentName",
        270: "ImageDescription",
        271: "Make",
        272: "Model",
        285: "PageName",
        305: "Software",
        306: "ModifyDate",
        315: "Artist",
        316: "HostComputer",
        337: "TargetPrinter",
        33432: "Copyright",
        34852: "SpectralSensitivity",
        36867: "DateTimeOriginal",
        36868: "CreateDate",
        36880: "OffsetTime",
        36881: "OffsetTimeOriginal",
        36882: "OffsetTimeDigitized",
        37394: "SecurityClassification",
        37395: "ImageHistory",
        37520: "SubSecTime",
        37521: "SubSecTimeOriginal",
        37522: "SubSecTimeDigitized",
        40964: "RelatedSoundFile",
        42016: "ImageUniqueID",
        42032: "OwnerName",
        42033: "SerialNumber",
        42035: "LensMake",
        42036: "LensModel",
        42037: "LensSerialNumber",
    }
)
"""Tags of ASCII text."""

WIDE_TEXTS: Mapping[int, str] = MappingProxyType(
    {40091: "XPTitle", 40092: "XPComment", 40093: "XPAuthor", 40094: "XPKeywords", 40095: "XPSubject"}
)
"""Microsoft's, in UTF-16."""

NUMBERS: Mapping[int, str] = MappingProxyType(
    {
        254: "SubfileType",
        255: "OldSubfileType",
        258: "BitsPerSample",
        259: "Compression",
        262: "PhotometricInterpretation",
        263: "Thresholding",
        264: "CellWidth",
        265: "CellLength",
        266: "FillOrder",
        274: "Orientation",
        277: "SamplesPerPixel",
        278: "RowsPerStrip",
        280: "MinSampleValue",
        281: "MaxSampleValue",
        282: "XResolution",
        283: "YResolution",
        284: "PlanarConfiguration",
        290: "GrayResponseUnit",
        291: "GrayResponseCurve",
        296: "ResolutionUnit",
        297: "PageNumber",
        317: "Predictor",
        318: "WhitePoint",
        319: "PrimaryChromaticities",
        320: "ColorMap",
        321: "HalftoneHints",
        322: "TileWidth",
        323: "TileLength",
        324: "TileOffsets",
        325: "TileByteCounts",
        338: "ExtraSamples",
        339: "SampleFormat",
        529: "YCbCrCoefficients",
        530: "YCbCrSubSampling",
        531: "YCbCrPositioning",
        532: "ReferenceBlackWhite",
        4097: "RelatedImageWidth",
        4098: "RelatedImageHeight",
        18246: "Rating",
        18249: "RatingPercent",
        33434: "ExposureTime",
        33437: "FNumber",
        34850: "ExposureProgram",
        34855: "ISO",
        34864: "SensitivityType",
        34865: "StandardOutputSensitivity",
        34866: "RecommendedExposureIndex",
        34867: "ISOSpeed",
        34868: "ISOSpeedLatitudeyyy",
        34869: "ISOSpeedLatitudezzz",
        36864: "ExifVersion",
        37121: "ComponentsConfiguration",
        37122: "CompressedBitsPerPixel",
        37377: "ShutterSpeedValue",
        37378: "ApertureValue",
        37379: "BrightnessValue",
        37380: "ExposureCompensation",
        37381: "MaxApertureValue",
        37382: "SubjectDistance",
        37383: "MeteringMode",
        37384: "LightSource",
        37385: "Flash",
        37386: "FocalLength",
        37393: "ImageNumber",
        37396: "SubjectArea",
        37888: "AmbientTemperature",
        37889: "Humidity",
        37890: "Pressure",
        37891: "WaterDepth",
        37892: "Acceleration",
        37893: "CameraElevationAngle",
        40960: "FlashpixVersion",
        40961: "ColorSpace",
        40962: "ExifImageWidth",
        40963: "ExifImageHeight",
        41483: "FlashEnergy",
        41484: "SpatialFrequencyResponse",
        41486: "FocalPlaneXResolution",
        41487: "FocalPlaneYResolution",
        41488: "FocalPlaneResolutionUnit",
        41492: "SubjectLocation",
        41493: "ExposureIndex",
        41495: "SensingMethod",
        41728: "FileSource",
        41729: "SceneType",
        41730: "CFAPattern",
        41985: "CustomRendered",
        41986: "ExposureMode",
        41987: "WhiteBalance",
        41988: "DigitalZoomRatio",
        41989: "FocalLengthIn35mmFormat",
        41990: "SceneCaptureType",
        41991: "GainControl",
        41992: "Contrast",
        41993: "Saturation",
        41994: "Sharpness",
        41995: "DeviceSettingDescription",
        41996: "SubjectDistanceRange",
        42034: "LensInfo",
        42080: "CompositeImage",
        42240: "Gamma",
    }
)
"""Tags of numbers and codes, which no row of the catalogue can match."""

SIZES: Mapping[int, str] = MappingProxyType({256: "ImageWidth", 257: "ImageHeight"})

UNNAMED = frozenset({42017})
"""Tags that cameras write and ExifTool has no name for, and so does not tell (HP's 0xa421)."""

PRINT_IM, PADDING = 50341, 59932
"""Blocks without text: print image matching, and what Microsoft leaves room with."""

MAKERS = (
    ("canon", "canon", "canoncustom"),
    ("nikon", "nikon", "nikoncustom", "nikonscan"),
    ("sony", "sony"),
    ("fujifilm", "fujifilm"),
    ("olympus", "olympus"),
    ("om digital", "olympus"),
    ("panasonic", "panasonic"),
    ("pentax", "pentax"),
    ("apple", "apple"),
    ("casio", "casio"),
    ("hasselblad", "dji"),
    ("dji", "dji"),
    ("google",),
    ("hewlett-packard", "hp"),
    ("konica minolta", "minolta"),
    ("minolta", "minolta"),
)
"""How a maker's name begins, and the groups under which ExifTool files its notes, all in lower case; none where ExifTool does not
know them (Google's: what it decodes of Pixels stands in XMP)."""
