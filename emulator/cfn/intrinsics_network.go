package cfn

import (
	"math/big"
	"net/netip"
	"strconv"
)

// zonesPerRegion is how many availability zones Fn::GetAZs lists: CDK and most
// templates use up to three.
const zonesPerRegion = 3

func (s scope) fnGetAZs(v any) any {
	region, fault := s.text("Fn::GetAZs", v)
	if fault != nil {
		return fault
	}
	if region == "" {
		region = s.stack.Region
	}
	zones := make([]any, zonesPerRegion)
	for i := range zones {
		zones[i] = region + string(rune('a'+i))
	}
	return zones
}

// maxCidrBlocks is CloudFormation's own bound of Fn::Cidr.
const maxCidrBlocks = 256

func (s scope) fnCidr(v any) any {
	args, fault := s.arguments("Fn::Cidr", v, 2, 3, `{"Fn::Cidr": [block, count, host bits]}`)
	if fault != nil {
		return fault
	}
	block, _ := scalar(args[0])
	prefix, err := netip.ParsePrefix(block)
	if err != nil {
		return s.fail("", "Fn::Cidr: %q is no address block", block)
	}
	count, isNumber := whole(args[1])
	if !isNumber || count < 1 || count > maxCidrBlocks {
		return s.fail("", "Fn::Cidr makes 1 to %d blocks", maxCidrBlocks)
	}
	hostBits := 8
	if len(args) == 3 {
		if hostBits, isNumber = whole(args[2]); !isNumber {
			return s.fail("", "Fn::Cidr needs the number of host bits")
		}
	}
	blocks, ok := subnets(prefix.Masked(), count, hostBits)
	if !ok {
		return s.fail("", "Fn::Cidr: %s has no room for %d blocks of %d host bits", block, count, hostBits)
	}
	return blocks
}

// subnets cuts the first count blocks of hostBits out of prefix.
func subnets(prefix netip.Prefix, count, hostBits int) ([]any, bool) {
	bits := prefix.Addr().BitLen() - hostBits
	if hostBits < 1 || bits < prefix.Bits() {
		return nil, false
	}
	if spare := bits - prefix.Bits(); spare < 9 && count > 1<<spare {
		return nil, false
	}
	step := new(big.Int).Lsh(big.NewInt(1), uint(hostBits))
	at := new(big.Int).SetBytes(prefix.Addr().AsSlice())
	blocks := make([]any, count)
	for i := range blocks {
		raw := at.FillBytes(make([]byte, prefix.Addr().BitLen()/8))
		addr, _ := netip.AddrFromSlice(raw)
		blocks[i] = netip.PrefixFrom(addr, bits).String()
		at.Add(at, step)
	}
	return blocks, true
}

// whole reads a whole number, written as number or text.
func whole(v any) (int, bool) {
	text, _ := scalar(v)
	n, err := strconv.Atoi(text)
	return n, err == nil
}
