"""The one typed refusal of the guarded readers: a stable code and a zh/en sentence that says what to do next.

Sentences hold nothing that the file said, except a modality or format that is in our own tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RefusalCode(StrEnum):
    """Why a file was not read."""

    EMPTY_FILE = "empty_file"
    NO_SCALE = "no_scale"
    NO_WAVEFORM = "no_waveform"
    NOT_AN_ECG = "not_an_ecg"
    NOT_DICOM = "not_dicom"
    TOO_COMPLEX = "too_complex"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"


MODALITIES: Mapping[str, tuple[str, str]] = {
    "AU": ("语音", "a voice recording"),
    "CR": ("X 线片", "an X-ray image (CR)"),
    "CT": ("CT 影像", "a CT"),
    "DX": ("X 线片", "an X-ray image (DX)"),
    "ES": ("内镜图像", "an endoscopy image"),
    "HD": ("血流动力学波形", "a haemodynamic waveform"),
    "MG": ("乳腺 X 线片", "a mammogram"),
    "MR": ("磁共振影像", "an MR image"),
    "NM": ("核医学影像", "a nuclear medicine image"),
    "OT": ("其他影像", "another kind of image"),
    "PT": ("PET 影像", "a PET image"),
    "RF": ("透视影像", "a fluoroscopy image"),
    "SC": ("截图", "a secondary capture"),
    "SM": ("病理切片", "a pathology slide"),
    "SR": ("结构化报告", "a structured report"),
    "US": ("超声图像", "an ultrasound image"),
    "XA": ("血管造影", "an angiogram"),
}

FORMATS: Mapping[str, tuple[str, str]] = {
    "aecg": ("HL7 aECG 心电文件", "an HL7 aECG file"),
    "gzip": ("压缩文件", "a compressed file"),
    "jpeg": ("JPEG 图片", "a JPEG picture"),
    "muse": ("GE MUSE 心电文件", "a GE MUSE ECG file"),
    "pdf": ("PDF 文档", "a PDF document"),
    "png": ("PNG 图片", "a PNG picture"),
    "scp": ("SCP-ECG 心电文件", "an SCP-ECG file"),
    "text": ("文本文件", "a text file"),
    "xml": ("XML 文件", "an XML file"),
    "zip": ("ZIP 压缩包", "a ZIP archive"),
}

_SENTENCES: Mapping[RefusalCode, tuple[str, str]] = {
    RefusalCode.EMPTY_FILE: (
        "文件是空的。请从心电图机重新导出后再上传。",
        "The file is empty. Export it again from the ECG device and upload it.",
    ),
    RefusalCode.NO_SCALE: (
        "文件没有写明波形的幅度单位，无法按真实比例显示。请在心电图机上改用带标定的 DICOM 导出。",
        "The file does not say the scale of its waveform. Export a calibrated DICOM ECG from the device.",
    ),
    RefusalCode.NO_WAVEFORM: (
        "文件里没有心电波形（可能只有报告或图片）。请在心电图机上选择“DICOM 波形”导出。",
        "The file holds no ECG waveform (perhaps only a report or a picture). Export it as DICOM waveform.",
    ),
    RefusalCode.NOT_AN_ECG: (
        "这是{zh}，不是心电图。请选择心电图机导出的心电图文件。",
        "This is {en}, not an ECG. Choose the ECG file that the device exported.",
    ),
    RefusalCode.NOT_DICOM: (
        "这是{zh}，不是 DICOM 文件。请选择心电图机导出的 .dcm 文件。",
        "This is {en}, not a DICOM file. Choose the .dcm file that the ECG device exported.",
    ),
    RefusalCode.TOO_COMPLEX: (
        "文件太复杂或已损坏，未能在限定时间和内存内读完。请重新导出后再上传。",
        "The file is damaged or too complex to read within the limits. Export it again and upload it.",
    ),
    RefusalCode.TOO_LARGE: (
        "文件过大，不是常规心电图。请上传单次静息心电图的文件。",
        "The file is too large for a resting ECG. Upload the file of one resting ECG.",
    ),
    RefusalCode.TRUNCATED: (
        "文件不完整，可能传输中断。请重新导出或重新上传。",
        "The file is cut off. Export it again, or upload it again.",
    ),
    RefusalCode.UNREADABLE: (
        "文件已损坏，无法读取。请从心电图机重新导出后再上传。",
        "The file is damaged and cannot be read. Export it again from the ECG device and upload it.",
    ),
    RefusalCode.UNSUPPORTED: (
        "暂不支持{zh}。请在心电图机上选择 DICOM 12 导联心电图导出。",
        "Reading {en} is not supported. Export a DICOM 12-lead ECG from the device.",
    ),
}

_UNKNOWN = ("其他类型的文件", "another kind of file")


class Refused(Exception):
    """A file that was not read. `what` is a key of MODALITIES or FORMATS, or empty."""

    def __init__(self, code: RefusalCode | str, what: str = "") -> None:
        self.code = RefusalCode(code)
        self.what = what if what in MODALITIES or what in FORMATS else ""
        zh, en = MODALITIES.get(self.what) or FORMATS.get(self.what) or _UNKNOWN
        zh = f" {zh}" if zh[0].isascii() else zh
        sentence_zh, sentence_en = _SENTENCES[self.code]
        self.sentence_zh = sentence_zh.format(zh=zh)
        self.sentence_en = sentence_en.format(en=en)
        super().__init__(self.code.value)
