output "vpc_id" {
  description = "ID of the VPC."
  value       = module.vpc.vpc_id
}

output "nat_public_ips" {
  description = "Addresses that traffic from the private subnets comes from."
  value       = module.vpc.nat_public_ips
}
