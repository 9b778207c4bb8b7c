"""The vault: openings of commitments, encrypted; what is personal never leaves it unlogged.

Source: 个人信息保护法 arts. 6, 47, 51 (minimal, deletion, encryption); design §3 (personal data).
"""
